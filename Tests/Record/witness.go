// A witness (C2SP tlog-witness) of one log, by Go's checksum database: it opens the log's notes and checks its trees.
//
// usage: GO111MODULE=off GOPATH=/usr/share/gocode go run witness.go NAME VKEY
//
// Prints its own verifier key and its address, and serves until it is killed. What it has seen goes with it.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type witness struct {
	name     string
	identity []byte
	key      ed25519.PrivateKey
	verifier note.Verifier
	lock     sync.Mutex
	size     int64
	root     tlog.Hash
}

func main() {
	verifier, err := note.NewVerifier(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	coded := append([]byte{4}, public...)
	sum := sha256.Sum256(append([]byte(os.Args[1]+"\n"), coded...))
	w := &witness{name: os.Args[1], identity: sum[:4], key: key, verifier: verifier}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s+%x+%s\nhttp://%s\n", w.name, w.identity, base64.StdEncoding.EncodeToString(coded), listener.Addr())
	http.Handle("/add-checkpoint", w)
	log.Fatal(http.Serve(listener, nil))
}

func (w *witness) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(answer, request.Body, 1<<20))
	head, signed, isWhole := bytes.Cut(body, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	old, wrong := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	if err != nil || !isWhole || wrong != nil {
		http.Error(answer, "no request", http.StatusBadRequest)
		return
	}
	var proof tlog.TreeProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			http.Error(answer, "no hash", http.StatusBadRequest)
			return
		}
		proof = append(proof, hash)
	}
	opened, err := note.Open(signed, note.VerifierList(w.verifier))
	if err != nil {
		http.Error(answer, "not signed by the log", http.StatusForbidden)
		return
	}
	// An origin, a size and a root, and perhaps more.
	text := strings.SplitN(opened.Text, "\n", 4)
	if len(text) != 4 || text[0] != w.verifier.Name() {
		http.Error(answer, "another log", http.StatusNotFound)
		return
	}
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + text[1] + "\n" + text[2] + "\n"))
	if err != nil || old > tree.N {
		http.Error(answer, "no tree", http.StatusBadRequest)
		return
	}
	w.lock.Lock()
	defer w.lock.Unlock()
	if old != w.size {
		answer.Header().Set("Content-Type", "text/x.tlog.size")
		answer.WriteHeader(http.StatusConflict)
		fmt.Fprintln(answer, w.size)
		return
	}
	if old == tree.N && w.size > 0 && tree.Hash != w.root {
		http.Error(answer, "another root", http.StatusConflict)
		return
	}
	if old > 0 && old < tree.N && tlog.CheckTree(proof, tree.N, tree.Hash, old, w.root) != nil {
		http.Error(answer, "another tree", http.StatusUnprocessableEntity)
		return
	}
	w.size, w.root = tree.N, tree.Hash
	second := uint64(time.Now().Unix())
	line := binary.BigEndian.AppendUint64(append([]byte{}, w.identity...), second)
	line = append(line, ed25519.Sign(w.key, []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", second, opened.Text)))...)
	fmt.Fprintf(answer, "— %s %s\n", w.name, base64.StdEncoding.EncodeToString(line))
}
