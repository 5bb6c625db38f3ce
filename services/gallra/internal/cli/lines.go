package cli

import (
	"bytes"
	"fmt"
	"os"
)

// countLines is for the progress bar.
func countLines(path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("read journal: %w", err)
	}
	return bytes.Count(text, []byte{'\n'}), nil
}
