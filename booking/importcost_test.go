package booking_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/sample"
)

// lessonsOf is the list of lessons of a school, as its timetable has them: a row for each pupil and subject.
func lessonsOf(made sample.School) []byte {
	var list bytes.Buffer
	list.WriteString("leeStamNummer;leeVoornaam;leeAchternaam;lesNaam;vakNaam;docStamNummer;docAchternaam;docVoornaam\n")
	subjects := []string{"Nederlands", "Engels", "Wiskunde", "Biologie", "Gym", "Muziek"}
	for i, pupil := range made.Pupils {
		for at, subject := range subjects {
			teacher := made.Teachers[(i/25+at)%len(made.Teachers)]
			fmt.Fprintf(&list, "%s;%s;%s;%s-%d;%s;D%d;%s;%s\n", pupil.Number, pupil.Given, pupil.Surname, strings.ToLower(subject[:3]), i/25, subject, (i/25+at)%len(made.Teachers), teacher.Surname, teacher.Given)
		}
	}
	return list.Bytes()
}

// The goals are 1.5 seconds of processor time and 120 MB for the whole process; the bounds leave room for noise and for other tests. Alone it
// takes 0.7 to 1 second, and 45 MB beyond the 55 that the process had before.
const (
	previewTime   = 3 * time.Second
	previewMemory = 90 // MB beyond what the process had before
)

// TestAPreviewOfALargeSchoolCostsLittle reads 3,000 pupils with their guardians and lessons in a process of its own, tells what importing them would do, and looks at the
// processor time and the most memory of that.
//
//	go test ./booking -run TestAPreviewOfALargeSchoolCostsLittle -v
func TestAPreviewOfALargeSchoolCostsLittle(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the most memory of a process is read from /proc")
	}
	if os.Getenv("OUDERAVOND_TEST_PREVIEW") == "" {
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAPreviewOfALargeSchoolCostsLittle$", "-test.v")
		command.Env = append(os.Environ(), "OUDERAVOND_TEST_PREVIEW=1")
		out, err := command.CombinedOutput()
		for line := range strings.Lines(string(out)) {
			if strings.Contains(line, "importcost_test.go") {
				t.Log(strings.TrimSpace(line))
			}
		}
		if err != nil {
			t.Errorf("%v", err)
		}
		return
	}
	w := emptySchool(t, askedOfAll)
	if w.db.Path == "" {
		t.Skip("measured on SQLite")
	}
	spec := sample.Secondary()
	spec.Groups, spec.Teachers, spec.Pupils = 120, 200, 3000
	made := sample.Generate(spec)
	files := []roster.File{{Name: "leerlingen.xml", Data: made.EdeXML(sample.EdeXMLOptions{})}, {Name: "ouders.csv", Data: made.CSV(sample.ContactsCSV())}, {Name: "lessen.csv", Data: lessonsOf(made)}}
	debug.FreeOSMemory()
	before := memoryOf(t, "VmRSS:")
	w.must(os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)) // the most memory is counted anew
	began := processorTime(t)
	result, err := w.booking.People.PreviewImport(w.ctx, w.operator, people.ImportRequest{Files: files})
	spent := processorTime(t) - began
	w.must(err)
	if !result.Report.Readable() || len(result.Change.Added) < 2900 || result.Change.Teachings.Added == 0 {
		t.Fatalf("%d pupils, %d teachings, %v", len(result.Change.Added), result.Change.Teachings.Added, result.Report.Errors)
	}
	more := memoryOf(t, "VmHWM:") - before
	t.Logf("%d pupils, %d ties of teachers: %v of processor time, %d MB beyond the %d before", len(result.Change.Added), result.Change.Teachings.Added, spent.Round(time.Millisecond), more, before)
	if spent > previewTime || more > previewMemory {
		t.Errorf("at most %v and %d MB", previewTime, previewMemory)
	}
}

func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// memoryOf reads what the system says of the memory of this process, in MB.
func memoryOf(t testing.TB, word string) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), word)
	var kilobytes int
	if _, err := fmt.Sscan(after, &kilobytes); err != nil {
		t.Fatal(err)
	}
	return kilobytes >> 10
}
