"use strict";
// Checks a receipt of the ledger as package receipt of services/ledger does, byte for byte as strictly, and sends nothing
// anywhere: what this page may do is in its Content-Security-Policy. `verify` is all of it; what follows shows the verdict.

const heading = "gallra receipt v1";
const maxSize = 16 << 10, most = Number.MAX_SAFE_INTEGER, longestValue = 256, hashSize = 32, signatureSize = 68;

class Refusal extends Error {
  constructor(reason) { super(reason); this.reason = reason; }
}
const refuse = reason => { throw new Refusal(reason); };
const must = (condition, reason) => condition || refuse(reason);

// ---- values: each has one form, and whatever is not written so is refused

const codeForm = /^[!-~](?:[ -~]*[!-~])?$/;
const isCode = s => s.length <= longestValue && codeForm.test(s);
const isId = s => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(s);
const isNumber = s => /^(?:0|[1-9][0-9]{0,15})$/.test(s) && Number(s) <= most;
const isList = s => s === "-" || s.split(",").every(part => part !== "-" && isCode(part));

const isDate = s => {
  const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(s);
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
};
const isInstant = s => {
  const parts = /^([0-9-]{10})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{0,5}[1-9])?Z$/.exec(s);
  return parts !== null && isDate(parts[1]) && !s.startsWith("0000") && s !== "0001-01-01T00:00:00Z" &&
    Number(parts[2]) < 24 && Number(parts[3]) < 60 && Number(parts[4]) < 60;
};

const toBase64 = bytes => btoa(String.fromCharCode(...bytes));
const fromBase64 = s => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(s) || s.length % 4 !== 0) return null;
  try { return Uint8Array.from(atob(s), c => c.charCodeAt(0)); } catch { return null; }
};
const strictBase64 = s => { // no bit that carries no meaning
  const bytes = fromBase64(s);
  return bytes !== null && toBase64(bytes) === s ? bytes : null;
};
const isCommitment = s => { const bytes = strictBase64(s); return bytes !== null && bytes.length >= 16 && bytes.length <= 64; };

// ---- the form of a receipt

const forms = {
  disposed: [["record", isId], ["authority", isCode], ["category", isCode], ["rule", isCode], ["trigger", isCode], ["due-on", isDate],
    ["due-at", isInstant], ["removed-at", isInstant], ["unrecoverable-at", isInstant], ["policy", isCode], ["commitment", isCommitment]],
  delivered: [["disclosure", isId], ["authority", isCode], ["recipient", isCode], ["fields", isList], ["decision", isCode], ["rule", isCode],
    ["policy", isCode], ["delivered-at", isInstant]],
  sealed: [["package", isId], ["authority", isCode], ["archive", isCode], ["records", isNumber], ["rule", isCode], ["policy", isCode],
    ["sealed-at", isInstant], ["commitment", isCommitment]],
  extract: [["extract", isId], ["authority", isCode], ["records", isNumber], ["rule", isCode], ["policy", isCode], ["issued-at", isInstant],
    ["commitment", isCommitment]],
};

// parse takes a file apart, line by line, in the one order that there is.
function parse(bytes) {
  must(bytes.length <= maxSize, "form");
  let text;
  try { text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); } catch { refuse("form"); }
  must(text.endsWith("\n"), "form");
  const lines = text.slice(0, -1).split("\n");
  const next = () => lines.length > 0 ? lines.shift() : refuse("form");
  const value = name => { const line = next(); must(line.startsWith(name + ": "), "form"); return line.slice(name.length + 2); };
  const number = s => { must(isNumber(s), "form"); return Number(s); };
  const hash = s => { const b = strictBase64(s); must(b !== null && b.length === hashSize, "form"); return b; };
  const signature = () => {
    const parts = /^— ([!-*,-~]{1,128}) ([^ ]*)$/.exec(next());
    must(parts !== null, "form");
    const b = strictBase64(parts[2]);
    must(b !== null && b.length === signatureSize, "form");
    return { signer: parts[1], bytes: b };
  };

  must(next() === heading, "form");
  const kind = value("leaf");
  must(Object.hasOwn(forms, kind), "form");
  const fields = forms[kind].map(([name, good]) => { const v = value(name); must(good(v), "form"); return [name, v]; });
  const leaf = "leaf: " + kind + "\n" + fields.map(([name, v]) => name + ": " + v + "\n").join("");
  must(leaf.length <= maxSize / 2, "form");
  const index = number(value("index"));
  const proof = [];
  while (lines.length > 0 && lines[0].startsWith("proof: ")) proof.push(hash(value("proof")));
  must(next() === "", "form");
  const origin = next();
  must(/^[!-*,-~]{1,128}$/.test(origin), "form");
  const size = number(next()), root = hash(next());
  must(next() === "", "form");
  const signatures = [signature()];
  if (lines.length > 0) {
    const second = signature(), first = signatures[0];
    must(second.signer !== first.signer || !same(second.bytes.slice(0, 4), first.bytes.slice(0, 4)), "form");
    signatures.push(second);
  }
  must(lines.length === 0, "form");
  return { kind, fields, leaf, index, proof, origin, size, root, signatures };
}

// ---- hashes, keys and signatures

const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const utf8 = s => new TextEncoder().encode(s);
const join = (...parts) => Uint8Array.from(parts.flatMap(part => [...part]));
const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const leafHash = leaf => sha256(join([0], utf8(leaf)));
const nodeHash = (left, right) => sha256(join([1], left, right));

// publicKey reads NAME+HASH+KEY, as golang.org/x/mod/sumdb/note writes it.
async function publicKey(text) {
  const [name, hash, ...rest] = text.trim().split("+");
  const bytes = fromBase64(rest.join("+"));
  must(name && !/\s/.test(name) && /^[0-9a-fA-F]{8}$/.test(hash || "") && bytes !== null && bytes.length === 33 && bytes[0] === 1, "key");
  const id = (await sha256(join(utf8(name + "\n"), bytes))).slice(0, 4);
  must([...id].map(b => b.toString(16).padStart(2, "0")).join("") === hash.toLowerCase(), "key");
  try {
    return { name, id, key: await crypto.subtle.importKey("raw", bytes.slice(1), { name: "Ed25519" }, false, ["verify"]) };
  } catch { refuse("unable"); }
}

const signedBy = async (signature, key, body) => signature !== undefined && signature.signer === key.name &&
  same(signature.bytes.slice(0, 4), key.id) && await crypto.subtle.verify("Ed25519", key.key, signature.bytes.slice(4), utf8(body));

// rootFrom computes the root that a proof gives for leaf n of the leaves from lo to hi (RFC 6962), or null.
async function rootFrom(proof, lo, hi, n, hash) {
  if (lo + 1 === hi) return proof.length === 0 ? hash : null;
  if (proof.length === 0) return null;
  let k = 1;
  while (k * 2 < hi - lo) k *= 2;
  const rest = proof.slice(0, -1), last = proof[proof.length - 1];
  const below = n < lo + k ? await rootFrom(rest, lo, lo + k, n, hash) : await rootFrom(rest, lo + k, hi, n, hash);
  if (below === null) return null;
  return n < lo + k ? nodeHash(below, last) : nodeHash(last, below);
}

// verify checks the bytes of a receipt with the ledger's public key, and with that of a witness where one is given. The
// reason of a refusal is form, key, signature, witness or proof; `unable` is a browser that cannot look.
async function verify(bytes, key, witness) {
  try {
    const r = parse(bytes);
    must(globalThis.crypto && crypto.subtle, "unable");
    const body = r.origin + "\n" + r.size + "\n" + toBase64(r.root) + "\n";
    const log = await publicKey(key);
    must(r.origin === log.name && await signedBy(r.signatures[0], log, body), "signature");
    if (witness && witness.trim() !== "") must(await signedBy(r.signatures[1], await publicKey(witness), body), "witness");
    must(r.index < r.size, "proof");
    const root = await rootFrom(r.proof, 0, r.size, r.index, await leafHash(r.leaf));
    must(root !== null && same(root, r.root), "proof");
    return { ok: true, reason: "", receipt: r };
  } catch (e) {
    if (e instanceof Refusal) return { ok: false, reason: e.reason };
    throw e;
  }
}

// ---- the page

if (globalThis.document) {
  const at = id => document.getElementById(id);
  const words = JSON.parse(at("words").textContent);
  const word = code => words[code] || code;
  const element = (name, text, className) => {
    const e = document.createElement(name);
    if (text) e.textContent = text;
    if (className) e.className = className;
    return e;
  };

  const show = (name, verdict, unchecked) => {
    const item = element("li");
    item.dataset.verdict = verdict.ok ? "verified" : verdict.reason;
    const line = element("p", "", "verdict " + (verdict.ok ? "kept" : verdict.reason === "unable" ? "unknown" : "broken"));
    line.append(element("strong", word(verdict.ok ? "verified" : verdict.reason === "unable" ? "unable" : "refused")), " ", element("span", name, "name"));
    item.append(line);
    if (!verdict.ok) {
      item.append(element("p", word("why-" + verdict.reason)));
      return item;
    }
    item.append(element("p", word("is-" + verdict.receipt.kind)));
    const facts = element("dl");
    for (const [field, value] of verdict.receipt.fields) facts.append(element("dt", word(field)), element("dd", value));
    item.append(facts);
    if (unchecked) item.append(element("p", word("unwitnessed") + " " + verdict.receipt.signatures[1].signer));
    return item;
  };

  const check = async () => {
    const files = [...at("files").files].map(file => ({ name: file.name, read: async () => file.size > maxSize ? new Uint8Array(maxSize + 1) : new Uint8Array(await file.arrayBuffer()) }));
    const pasted = at("text").value;
    if (pasted !== "") files.push({ name: word("pasted"), read: async () => utf8(pasted) });
    const key = at("key").value, witness = at("witness").value, results = [];
    for (const file of files) {
      const verdict = await verify(await file.read(), key, witness);
      results.push(show(file.name, verdict, verdict.ok && verdict.receipt.signatures.length > 1 && witness.trim() === ""));
    }
    at("results").replaceChildren(...results);
    at("said").textContent = files.length === 0 ? word("nothing") :
      word("counted").replace("{n}", results.filter(r => r.dataset.verdict === "verified").length).replace("{all}", results.length);
  };

  at("form").addEventListener("submit", event => { event.preventDefault(); check(); });
  if (location.protocol === "file:") for (const link of document.querySelectorAll("[data-online]")) link.hidden = true;
  at("form").hidden = false;
}
