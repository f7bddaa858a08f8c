// Command planjudge checks a plan against its instance.
//
//	go run ./booking/plan/judge/planjudge INSTANCE.json PLAN.json
//
// It prints one JSON object; the exit code is 1 if the plan breaks a rule.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/ouderavond/ouderavond/booking/plan/judge"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: planjudge INSTANCE.json PLAN.json")
		os.Exit(2)
	}
	var texts [2][]byte
	for i, path := range os.Args[1:] {
		text, err := os.ReadFile(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, "planjudge:", err)
			os.Exit(2)
		}
		texts[i] = text
	}
	verdict, err := judge.Judge(texts[0], texts[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "planjudge:", err)
		os.Exit(2)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(verdict); err != nil || !verdict.Valid {
		os.Exit(1)
	}
}
