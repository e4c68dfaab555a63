// Opens a signed note as Go's checksum database does.
//
// usage: GO111MODULE=off GOPATH=/usr/share/gocode go run note.go NOTE VKEY...
//
// Prints the name of each key that signed it. Fails where one of the keys did not, or a signature does not verify.
package main

import (
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
)

func main() {
	if err := open(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func open(path string, keys []string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var verifiers []note.Verifier
	for _, key := range keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		verifiers = append(verifiers, verifier)
	}
	opened, err := note.Open(text, note.VerifierList(verifiers...))
	if err != nil {
		return err
	}
	for _, signature := range opened.Sigs {
		fmt.Println(signature.Name)
	}
	if len(opened.Sigs) != len(keys) {
		return fmt.Errorf("%d of %d keys have signed", len(opened.Sigs), len(keys))
	}
	return nil
}
