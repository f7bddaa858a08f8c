// Command rooms counts what each package of the module holds, prints it, and fails where a package has grown over its bounds: more than can be held in the
// head. Run it from the top of the repository: go run ./.ci/rooms
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	maxFiles   = 20  // of a package, without tests
	maxNames   = 60  // exported ones of a package, without methods
	maxMethods = 12  // exported ones of a service
	maxLines   = 400 // of a file, without tests
)

// exempt are packages that are lists by nature, or one engine with a small door, and why.
var exempt = map[string]string{
	"models":                 "the words of the product as types",
	"booking/plan":           "one engine behind few names",
	"booking/roster":         "one reader for each format behind few names",
	"booking/sample":         "invented people, behind few names",
	"models/store/storetest": "the suite that every engine must pass",
}

type room struct {
	files, names, lines, tests int
	services                   map[string]int // methods of each type named like a service
	faults                     []string
}

func main() {
	rooms := map[string]*room{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); path != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(path, ".go") {
			return count(rooms, path)
		}
		return nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "rooms:", err)
		os.Exit(2)
	}
	if report(rooms) > 0 {
		os.Exit(1)
	}
}

func count(rooms map[string]*room, path string) error {
	lines, err := linesOf(path)
	if err != nil {
		return err
	}
	folder := filepath.ToSlash(filepath.Dir(path))
	one, ok := rooms[folder]
	if !ok {
		one = &room{services: map[string]int{}}
		rooms[folder] = one
	}
	if strings.HasSuffix(path, "_test.go") {
		one.tests += lines
		return nil
	}
	one.files++
	one.lines += lines
	if lines > maxLines {
		one.faults = append(one.faults, fmt.Sprintf("%s has %d lines, at most %d", filepath.Base(path), lines, maxLines))
	}
	tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, declared := range tree.Decls {
		one.add(declared)
	}
	return nil
}

func (r *room) add(declared ast.Decl) {
	switch declared := declared.(type) {
	case *ast.FuncDecl:
		if !declared.Name.IsExported() {
			return
		}
		if declared.Recv == nil {
			r.names++
			return
		}
		if of := receiver(declared.Recv.List[0].Type); strings.HasSuffix(of, "Service") {
			r.services[of]++
		}
	case *ast.GenDecl:
		for _, spec := range declared.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				r.name(spec.Name)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					r.name(name)
				}
			}
		}
	}
}

func (r *room) name(name *ast.Ident) {
	if name.IsExported() {
		r.names++
	}
}

func receiver(expression ast.Expr) string {
	switch of := expression.(type) {
	case *ast.StarExpr:
		return receiver(of.X)
	case *ast.Ident:
		return of.Name
	}
	return ""
}

func linesOf(path string) (lines int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		lines++
	}
	return lines, scanner.Err()
}

func report(rooms map[string]*room) (faults int) {
	var names []string
	for name := range rooms {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Printf("%-34s %5s %5s %6s %6s\n", "package", "files", "names", "lines", "tests")
	for _, name := range names {
		one := rooms[name]
		fmt.Printf("%-34s %5d %5d %6d %6d\n", name, one.files, one.names, one.lines, one.tests)
		if _, is := exempt[name]; is {
			continue
		}
		if one.files > maxFiles {
			one.faults = append(one.faults, fmt.Sprintf("%d files, at most %d", one.files, maxFiles))
		}
		if one.names > maxNames {
			one.faults = append(one.faults, fmt.Sprintf("%d exported names, at most %d", one.names, maxNames))
		}
		for service, methods := range one.services {
			if methods > maxMethods {
				one.faults = append(one.faults, fmt.Sprintf("%s has %d methods, at most %d", service, methods, maxMethods))
			}
		}
	}
	for _, name := range names {
		for _, fault := range rooms[name].faults {
			fmt.Printf("%s: %s\n", name, fault)
			faults++
		}
	}
	return faults
}
