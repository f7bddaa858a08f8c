package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os/exec"
	"strconv"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
	"github.com/ouderavond/ouderavond/cmd/internal/rush"
)

var (
	costFamilies = flag.Int("cost.families", 1000, "how many families come at once")
	costMost     = flag.Float64("cost.most", 9.5, "the most processor time of the server, as a multiple of the load tool's")
	costPages    = flag.Float64("cost.pages", 4, "the most processor time of the server for a family by its pages, as a multiple of one by the API")
)

// costTries is how often it is measured before the limit counts as passed: a machine that does much else at the moment adds a fifth.
const costTries = 3

// TestAFamilyCostsLittle lets families loose on a server and compares its processor time with the load tool's, which is spent on the same requests, on the
// same machine, in the same seconds: milliseconds change with the machine by a factor of two, this hardly does. Both are processes of their own. It is near
// 6; the limit says that half as much again does not slip in unnoticed.
func TestAFamilyCostsLittle(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	least := 0.0
	for range costTries {
		var report rush.Report
		r.apart(&report, "--families", strconv.Itoa(*costFamilies), "--clients", "200", "--contacts", "1")
		if report.ServerCPU == nil || report.Served != *costFamilies {
			t.Fatalf("nothing was measured: %+v", report)
		}
		ratio := *report.ServerCPU / report.ClientCPU
		t.Logf("%.0f families a second; processor time of a family: server %.2f ms, load tool %.3f ms: %.1f times", report.PerSecond, *report.ServerCPU, report.ClientCPU, ratio)
		if ratio <= *costMost {
			return
		}
		if least == 0 || ratio < least {
			least = ratio
		}
	}
	t.Errorf("a family costs %.1f times what the load tool spends on it, the limit is %.1f", least, *costMost)
}

// TestAFamilyByItsPagesCostsLittleMoreThanByTheAPI lets as many families come by the API and by the pages, to schools of their own on one server. Pages are near 2.7 times
// the API, of which 3 is the goal; the limit leaves room for a machine that does much else.
func TestAFamilyByItsPagesCostsLittleMoreThanByTheAPI(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	least := 0.0
	for range costTries {
		var report rush.Report
		r.apart(&report, "--families", strconv.Itoa(*costFamilies/2), "--clients", "60", "--pages")
		if report.TimesAPI == nil || report.Served != *costFamilies/2 {
			t.Fatalf("nothing was measured: %+v", report)
		}
		t.Logf("a family by its pages: %.2f ms, %.2f times one by the API", *report.ServerCPU, *report.TimesAPI)
		if *report.TimesAPI <= *costPages {
			return
		}
		if least == 0 || *report.TimesAPI < least {
			least = *report.TimesAPI
		}
	}
	t.Errorf("a family by its pages costs %.2f times one by the API, the limit is %.2f", least, *costPages)
}

// apart runs the load tool in a process of its own, and reads its report.
func (r *rushed) apart(report any, arguments ...string) {
	r.t.Helper()
	program, err := cmdtest.Build("rush")
	if err != nil {
		r.t.Fatal(err)
	}
	command := exec.Command(program, append(append([]string{"--data", r.data, "--listen", r.address}, arguments...), "--json")...)
	var out, progress bytes.Buffer
	command.Stdout, command.Stderr = &out, &progress
	if err := command.Run(); err != nil {
		r.t.Fatalf("%v\n%s", err, &progress)
	}
	if err := json.Unmarshal(out.Bytes(), report); err != nil {
		r.t.Fatal(err)
	}
}
