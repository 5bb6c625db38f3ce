// Package nationalid reads Swedish personal and coordination numbers and Finnish identity codes.
//
// An ID exists only with a day of birth that exists and a check digit that is right. It is the most sensitive text in the
// system, so it never shows itself: fmt, slog and the encoders print a mask, and errors never repeat the input. The one
// way to the number is Canonical, for whoever encrypts it or looks it up.
//
// Twelve digits are kept for Sweden: ten do not say the century. All eleven characters are kept for Finland: since 2023 two
// people may differ in nothing but the separator. The package reads no clock.
package nationalid
