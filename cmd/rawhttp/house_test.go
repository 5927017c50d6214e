package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// picture is docs/design.md's picture of the house: which packages of ours each
// package imports. Nothing else may be imported, and nothing drawn may be missing.
var picture = map[string][]string{
	"cmd/rawhttp": {"internal/console", "internal/dial", "internal/http1", "internal/lesson", "internal/listen",
		"internal/serve", "internal/session", "internal/tlsdial", "internal/tlslisten", "internal/tlswords", "internal/transcript"},
	"internal/console":    nil,
	"internal/dial":       nil,
	"internal/http1":      nil,
	"internal/lesson":     nil,
	"internal/listen":     nil,
	"internal/serve":      {"internal/http1"},
	"internal/session":    nil,
	"internal/tlsdial":    {"internal/dial", "internal/tlswords"},
	"internal/tlslisten":  {"internal/tlswords"},
	"internal/tlswords":   nil,
	"internal/transcript": {"internal/http1"},
}

// TestHouse holds the picture: imports as drawn, one package comment each, no
// net/http in the program, and the process's own streams and exit in their two
// rooms only.
func TestHouse(t *testing.T) {
	drawn := map[string]map[string]bool{}
	comments := map[string]int{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		if entry.IsDir() {
			if strings.HasPrefix(relative, ".") && relative != "." || relative == "testdata" || relative == "bench" || relative == "examples" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(relative, ".go") || strings.HasSuffix(relative, "_test.go") {
			return nil
		}
		room := path.Dir(relative)
		if drawn[room] == nil {
			drawn[room] = map[string]bool{}
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		if parsed.Doc != nil {
			comments[room]++
		}
		inspectFile(t, relative, room, parsed, drawn[room])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room, imports := range drawn {
		want, known := picture[room]
		if !known {
			t.Errorf("%s is not in the picture", room)
		}
		for imported := range imports {
			if !slices.Contains(want, imported) {
				t.Errorf("%s imports %s, which is not drawn", room, imported)
			}
		}
		for _, w := range want {
			if !imports[w] {
				t.Errorf("%s does not import %s, which is drawn", room, w)
			}
		}
		if comments[room] != 1 {
			t.Errorf("%s has %d package comments", room, comments[room])
		}
	}
	for room := range picture {
		if drawn[room] == nil {
			t.Errorf("%s is drawn and does not exist", room)
		}
	}
}

func inspectFile(t *testing.T, name, room string, parsed *ast.File, imports map[string]bool) {
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
		}
		if ours, ok := strings.CutPrefix(imported, "rawhttp/"); ok {
			imports[ours] = true
		}
		if imported == "net/http" || strings.HasPrefix(imported, "net/http/") {
			t.Errorf("%s imports %s", name, imported)
		}
	}
	if room == "cmd/rawhttp" || room == "internal/console" {
		return
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := selector.X.(*ast.Ident); ok && x.Name == "os" &&
				slices.Contains([]string{"Exit", "Stdin", "Stdout", "Stderr"}, selector.Sel.Name) {
				t.Errorf("%s uses os.%s", name, selector.Sel.Name)
			}
		}
		return true
	})
}
