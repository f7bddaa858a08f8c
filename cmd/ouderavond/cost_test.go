package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"strconv"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/ouderavond/rush"
)

var (
	costFamilies = flag.Int("cost.families", 1000, "how many families come at once")
	costMost     = flag.Float64("cost.most", 9.5, "the most processor time of the server, as a multiple of the load tool's")
)

// TestAFamilyCostsLittle lets families loose on a server and compares its processor time with the load tool's, which is spent on the same requests, on the
// same machine, in the same seconds: milliseconds change with the machine by a factor of two, this hardly does. Both are processes of their own. It is near
// 6; the limit says that a third more does not slip in unnoticed.
func TestAFamilyCostsLittle(t *testing.T) {
	t.Parallel()
	data, binary := t.TempDir(), theBinary(t)
	p := start(t, binary, data)
	families := strconv.Itoa(*costFamilies)
	command := asProgramCommand(context.Background(), binary, "--data", data, "rush", "http://"+p.address, "--families", families, "--clients", "200", "--contacts", "1", "--json")
	var out, progress bytes.Buffer
	command.Stdout, command.Stderr = &out, &progress
	if err := command.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &progress)
	}
	var report rush.Report
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	if report.ServerCPU == nil || report.Served != *costFamilies {
		t.Fatalf("nothing was measured: %s", strings.TrimSpace(out.String()))
	}
	ratio := *report.ServerCPU / report.ClientCPU
	t.Logf("%.0f families a second; processor time of a family: server %.2f ms, load tool %.3f ms: %.1f times", report.PerSecond, *report.ServerCPU, report.ClientCPU, ratio)
	if ratio > *costMost {
		t.Errorf("a family costs %.1f times what the load tool spends on it, the limit is %.1f", ratio, *costMost)
	}
}
