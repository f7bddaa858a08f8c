package roster_test

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/roster"
)

var (
	csvMost     = flag.Float64("csv.most", 55, "the most processor time of reading a CSV file, as a multiple of merely parsing it")
	edexmlMost  = flag.Float64("edexml.most", 6, "the most processor time of reading an EdeXML file, as a multiple of merely parsing it")
	costsRounds = flag.Int("costs.rounds", 3, "how often each is read and parsed, in turns; the least counts")
)

// TestReadingAListCostsLittle compares the processor time of reading the list of a school of 1,400 pupils with their guardians with that of merely parsing the same file.
// The goals are 5 times what encoding/xml takes and 40 times what encoding/csv does, which only finds separators; the bounds leave room for noise, for these are small
// times. By itself, with 20 rounds, EdeXML takes about 2 times, and CSV with two guardians a pupil about 30: 12 microseconds a pupil, of which finding the families is a third.
//
//	go test ./booking/roster -run TestReadingAListCostsLittle -v -costs.rounds 20
func TestReadingAListCostsLittle(t *testing.T) {
	list, tree := schoolLists()
	for _, one := range []struct {
		name  string
		data  []byte
		parse func([]byte) error
		most  float64
	}{
		{"x.csv", list, parseCSV, *csvMost}, {"x.xml", tree, parseXML, *edexmlMost},
	} {
		var parsing, reading time.Duration
		for range *costsRounds {
			parsing = leastOf(t, parsing, func() { must(t, one.parse(one.data)) })
			reading = leastOf(t, reading, func() {
				if r, _ := read(t, options(), roster.File{Name: one.name, Data: one.data}); len(r.Pupils) != 1400 {
					t.Fatalf("%s: %d pupils", one.name, len(r.Pupils))
				}
			})
		}
		ratio := reading.Seconds() / parsing.Seconds()
		t.Logf("%s: parsing %.1f ms, reading %.1f ms of processor time: %.1f times", one.name, 1000*parsing.Seconds(), 1000*reading.Seconds(), ratio)
		if ratio > one.most {
			t.Errorf("%s: %.1f times, at most %.1f", one.name, ratio, one.most)
		}
	}
}

// schoolLists are the pupils of a school with their guardians, as CSV, and without, as EdeXML.
func schoolLists() ([]byte, []byte) {
	var list, tree bytes.Buffer
	list.WriteString("Leerlingnummer;Roepnaam;Tussenvoegsel;Achternaam;Geboortedatum;Postcode;Huisnummer;Klas;Ouder 1 naam;Ouder 1 email;Ouder 1 mobiel;Ouder 2 naam;Ouder 2 email;Ouder 2 mobiel\n")
	tree.WriteString("<EDEX>" + schoolPart + groupsPart + "<leerlingen>")
	letters := noiseText(40_000)
	for i := range 1400 {
		name := "V" + letters[i/2*8:i/2*8+7]
		fmt.Fprintf(&list, "%d;N%s;van den;%s;%d-5-%d;%d AB;%d;%d%c;J. %s;ouder%d@example.com;06-1%07d;M. Kok;andere%d@example.com;06-2%07d\n",
			100_000+i, letters[i*8:i*8+5], name, i%28+1, 2011+i%6, 1000+i%900, i/2%90+1, i%6+1, 'A'+i%5, name, i/2, i/2*131, i/2, i/2*137)
		fmt.Fprintf(&tree, `<leerling key="%d"><achternaam>%s</achternaam><voorvoegsel>van den</voorvoegsel><roepnaam>N%s</roepnaam><geboortedatum>2014-05-%02d</geboortedatum><groep key="G1"/><postcodenl>%dAB</postcodenl></leerling>`,
			i+1, name, letters[i*8:i*8+5], i%28+1, 1000+i%900)
	}
	tree.WriteString("</leerlingen></EDEX>")
	return list.Bytes(), tree.Bytes()
}

func BenchmarkReadList(b *testing.B) {
	list, _ := schoolLists()
	b.ReportAllocs()
	for b.Loop() {
		roster.Read([]roster.File{{Name: "x.csv", Data: list}}, options())
	}
}

func leastOf(t testing.TB, best time.Duration, work func()) time.Duration {
	t.Helper()
	before := processorTime(t)
	work()
	if spent := processorTime(t) - before; best == 0 || spent < best {
		return spent
	}
	return best
}

func parseCSV(data []byte) error {
	reader := csv.NewReader(bytes.NewReader(data))
	reader.Comma = ';'
	_, err := reader.ReadAll()
	return err
}

func parseXML(data []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
