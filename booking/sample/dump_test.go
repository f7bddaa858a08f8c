package sample_test

import (
	"fmt"
	"github.com/ouderavond/ouderavond/booking/sample"
	"os"
	"testing"
	"time"
)

func TestDump(t *testing.T) {
	for _, sp := range []sample.Spec{sample.Primary(), sample.Secondary()} {
		t0 := time.Now()
		s := sample.Generate(sp)
		fmt.Println(time.Since(t0), len(s.Pupils), len(s.Households), len(s.Teachers), len(s.Groups))
		os.WriteFile("/tmp/"+sp.Slug+".csv", s.CSV(sample.Dialect{Quirks: true, FamilyCodes: true, Encoding: sample.UTF8}), 0o644)
		os.WriteFile("/tmp/"+sp.Slug+".1252.csv", s.CSV(sample.ParnasSysCSV(sample.Windows1252)), 0o644)
		os.WriteFile("/tmp/"+sp.Slug+".mag.csv", s.CSV(sample.MagisterCSV()), 0o644)
		os.WriteFile("/tmp/"+sp.Slug+".sup.csv", s.CSV(sample.SupplementCSV()), 0o644)
		os.WriteFile("/tmp/"+sp.Slug+".tt.csv", s.TeacherTable(), 0o644)
		os.WriteFile("/tmp/"+sp.Slug+".xml", s.EdeXML(sample.EdeXMLOptions{}), 0o644)
		os.WriteFile("/tmp/"+sp.Slug+".103.xml", s.EdeXML(sample.EdeXMLOptions{Version: sample.EdeXML103, Realworld: true}), 0o644)
	}
}
func TestL(t *testing.T) {
	for _, sp := range []sample.Spec{sample.Primary(), sample.Secondary()} {
		s := sample.Generate(sp)
		for _, l := range s.Logins(13) {
			fmt.Printf("%+v\n", l)
		}
		pup := map[string]int{}
		for _, p := range s.Pupils {
			for _, g := range p.Groups {
				pup[g]++
			}
		}
		for _, te := range s.Teachers {
			n := 0
			seen := map[string]bool{}
			sub := map[string]int{}
			for _, a := range te.Groups {
				if !seen[a.Group] {
					n += pup[a.Group]
				}
				seen[a.Group] = true
				sub[a.Subject]++
			}
			fmt.Print(te.Code, " ", len(seen), " ", n, " ", sub, "; ")
		}
		fmt.Println()
	}
}
