package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/demo"
)

func TestTheMasterKeyIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	f := datafolder.Folder{Path: t.TempDir()}
	first, err := f.Master("")
	if err != nil {
		t.Fatal(err)
	}
	second, err := f.Master("")
	if err != nil {
		t.Fatal(err)
	}
	if first.Fingerprint() != second.Fingerprint() {
		t.Error("the key changed")
	}
	info, err := os.Stat(f.KeyFile())
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the key: %v", info.Mode())
	}
}

func TestNoNewMasterKeyIsMadeBesideADatabase(t *testing.T) {
	t.Parallel()
	f := datafolder.Folder{Path: t.TempDir()}
	if err := os.WriteFile(f.Database(), []byte("data"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Master(""); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(f.KeyFile()); !errors.Is(err, os.ErrNotExist) {
		t.Error("a key was made")
	}
}

func TestADamagedMasterKeyIsRefusedAndNotRepeated(t *testing.T) {
	t.Parallel()
	f := datafolder.Folder{Path: t.TempDir()}
	if err := os.WriteFile(f.KeyFile(), []byte("0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := f.Master("")
	if err == nil || strings.Contains(err.Error(), "0123456789abcdef") {
		t.Fatalf("got %v", err)
	}
}

func TestOnlyOneProgramHasTheFolder(t *testing.T) {
	t.Parallel()
	f := datafolder.Folder{Path: t.TempDir()}
	release, err := f.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Lock(); !errors.Is(err, datafolder.ErrInUse) {
		t.Fatalf("a second program got the folder: %v", err)
	}
	release()
	again, err := f.Lock()
	if err != nil {
		t.Fatal(err)
	}
	again()
}

func TestALongPathGetsAShortSocket(t *testing.T) {
	t.Parallel()
	f := datafolder.Folder{Path: filepath.Join(t.TempDir(), strings.Repeat("long", 40))}
	if length := len(f.Socket()); length > 104 {
		t.Errorf("the socket's path has %d characters", length)
	}
	if again := (datafolder.Folder{Path: f.Path}).Socket(); again != f.Socket() {
		t.Error("it is not found again")
	}
}

func TestTheDemonstrationLeavesOtherFoldersAlone(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	precious := filepath.Join(path, "precious")
	if err := os.WriteFile(precious, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Prepare(path, false); err == nil {
		t.Error("it took the folder")
	}
	if content, err := os.ReadFile(precious); err != nil || !bytes.Equal(content, []byte("mine")) {
		t.Error("it changed what was there")
	}
}

func TestTheDemonstrationBeginsAnew(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "demo")
	if fresh, err := demo.Prepare(path, false); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	old := filepath.Join(path, "ouderavond.db")
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if fresh, err := demo.Prepare(path, true); err != nil || fresh {
		t.Fatal("keep did not keep", fresh, err)
	}
	if fresh, err := demo.Prepare(path, false); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Error("the old data are still there")
	}
}
