package names_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/names"
)

func TestPostcodesGetOneForm(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"1234AB": "1234AB", "1234 ab": "1234AB", "1234\u00a0AB": "1234AB", "1234-AB": "1234AB", "1234AB.": "1234AB", " 1234  AB ": "1234AB",
		"NL-1234 AB": "1234AB", "12 34 AB": "1234AB", "12340B": "1234OB", "1234B0": "1234BO", "1O34AB": "1034AB", "١٢٣٤ AB": "1234AB", "1234АВ": "1234AB",
		"１２３４ＡＢ": "1234AB", "\u200e1234AB": "1234AB", "2387": "2387", "B-2387": "2387", "BE 2387": "2387", "47533": "47533", "D-47533": "47533", "01067": "01067",
		"SW1A 1AA": "SW1A1AA", "00-950": "00950", "L-1234": "1234",
		"": "", "-": "", "onbekend": "", "1234 A": "", "1234 ABC": "", "0234AB": "", "1234SA": "", "1234 ss": "", "1234SD": "", "0000": "", "12345AB": "",
		"1234%": "", "12*4AB": "", "1234_B": "", "12": "", "12345678901": "", "1234🙂": "", strings.Repeat("1", 500): "",
	}
	for text, want := range tests {
		got, ok := names.Postcode(text)
		if got != want || ok != (want != "") {
			t.Errorf("Postcode(%.20q) = %q, %v; want %q", text, got, ok, want)
		}
	}
}

func TestPostcodeOfACanonicalPostcodeIsItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		got, ok := names.Postcode(rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{4} ?[A-Za-z0]{2}`)).Draw(t, "text"))
		if again, still := names.Postcode(got); ok && (!still || again != got) {
			t.Fatalf("%q became %q", got, again)
		}
	})
	for text, want := range map[string]bool{"1234AB": true, "2387": false, "47533": false, "": false, "SW1A1AA": false} {
		if names.DutchPostcode(text) != want {
			t.Errorf("DutchPostcode(%q) is not %v", text, want)
		}
	}
}

func TestBirthDatesAsParentsTypeThem(t *testing.T) {
	t.Parallel()
	want := civil.Date{Year: 2017, Month: 11, Day: 3}
	good := []string{"3-11-2017", "03-11-2017", "3/11/2017", "03/11/2017", "3.11.2017", "3 11 2017", "03112017", "2017-11-03", "2017-11-3", "2017/11/03", "20171103",
		"3 nov 2017", "3 november 2017", "3 Nov. 2017", "3-nov-2017", "November 3, 2017", "Nov 3 2017", "3rd of November 2017", "3 NOVEMBER 2017", "vrijdag 3 november 2017",
		"3e november 2017", " 3 - 11 - 2017 ", "٣-١١-٢٠١٧", "３-11-2017", "3\u00a0november\u00a02017", "3novembre2017", "\u200e3-11-2017", "3–11–2017"}
	for _, text := range good {
		if got, ok := names.BirthDate(text); !ok || got != want {
			t.Errorf("BirthDate(%q) = %v, %v", text, got, ok)
		}
	}
	for text, iso := range map[string]string{"1 mei 2015": "2015-05-01", "29-2-2016": "2016-02-29", "12-10-2010": "2010-10-12", "1 mrt 2015": "2015-03-01", "2 März 2014": "2014-03-02", "4 août 2013": "2013-08-04", "5-3-15": "2015-03-05", "050315": "2015-03-05",
		"3 nov 17": "2017-11-03", "17-11-03": "2003-11-17", "1-1-39": "2039-01-01", "1-1-40": "1940-01-01", "29-2-16": "2016-02-29"} {
		if got, ok := names.BirthDate(text); !ok || got.String() != iso {
			t.Errorf("BirthDate(%q) = %v, %v; want %s", text, got, ok, iso)
		}
	}
	bad := []string{"", " ", "31-2-2017", "29-2-2019", "1-13-2017", "11/13/2017", "00-00-2017", "0-1-2017", "3-11-7", "31117", "311317", "17-3-2-1", "3-11", "nov 2017", "2017",
		"3-11-20171", "3-11-1017", "3-11-2917", "2017-13-01", "november", "3 brumaire 2017", "3-11-2017 12:00", "3-11-2017-4", "x3-11-2017", "--", "3*11*2017", "%",
		"3,11,2017x", "2017-3-11-3", strings.Repeat("3-11-2017", 9)}
	for _, text := range bad {
		if got, ok := names.BirthDate(text); ok {
			t.Errorf("BirthDate(%q) = %v", text, got)
		}
	}
}

func TestEveryDateIsReadInEveryForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := civil.Date{Year: 1950, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 40000).Draw(t, "days"))
		for _, text := range []string{d.String(), fmt.Sprintf("%d-%d-%d", d.Day, d.Month, d.Year), fmt.Sprintf("%02d/%02d/%04d", d.Day, d.Month, d.Year),
			fmt.Sprintf("%02d%02d%04d", d.Day, d.Month, d.Year), fmt.Sprintf("%04d%02d%02d", d.Year, d.Month, d.Day)} {
			if got, ok := names.BirthDate(text); !ok || got != d {
				t.Fatalf("BirthDate(%q) = %v, %v", text, got, ok)
			}
		}
	})
}

func FuzzFactors(f *testing.F) {
	for _, seed := range []string{"3-11-2017", "1234 AB", "0012", "٣", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, ok := names.BirthDate(text); ok != d.Valid() {
			t.Fatalf("%q gives %v, %v", text, d, ok)
		}
		if p, ok := names.Postcode(text); ok != (p != "") {
			t.Fatalf("%q gives %q, %v", text, p, ok)
		}
		if n := names.StudentNumber(text); names.StudentNumber(n) != n {
			t.Fatalf("%q is not stable", text)
		}
	})
}

func TestStudentNumbersCompareWithoutLeadingZeros(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{" 001234 ": "001234", "١٢٣": "123", "ab12": "AB12", "\u200e12\u00a0": "12", "": "", "  ": "", strings.Repeat("9", 2000): "", strings.Repeat("9", 257): ""} {
		if got := names.StudentNumber(text); got != want {
			t.Errorf("StudentNumber(%.12q) = %q, want %q", text, got, want)
		}
	}
	if names.StudentNumberLoose("000") != "0" || names.StudentNumberLoose("0012") != "12" || names.StudentNumberLoose("") != "" {
		t.Error("leading zeros are not dropped rightly")
	}
}

func TestMonthsAreKnownByTheirNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"Maart": 3, "MRT": 3, "mei": 5, "August": 8, "okt": 10, "Jänner": 1, "février": 2, "Dez": 12} {
		if got, ok := names.Month(name); !ok || got != want {
			t.Errorf("Month(%q) = %d, %v", name, got, ok)
		}
	}
	if _, ok := names.Month("m"); ok {
		t.Error("m is a month")
	}
}
