package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/store"
)

// ID is the id that goes with a name: the same in each sample, so that two schools have rows of equal ids.
func ID[T ~[16]byte](name string) T {
	sum := sha256.Sum256([]byte(name))
	return T(sum[:16])
}

// Sample is one row or more of every type that belongs to a school, tied together, each with as many of its fields set as can be.
type Sample struct {
	// Word is in every text of the rows, open or sealed.
	Word string
	// Rows are in an order in which they can be inserted.
	Rows []Row

	turn int
}

// NewSample makes the rows. Samples of two turns, 0 and 1, have the same keys and, where the schema lets them, other values in each column.
func NewSample(word string, turn int) *Sample {
	s := &Sample{Word: word, turn: turn}
	s.addPeople()
	s.addHouseholds()
	s.addRoster()
	s.addConference()
	s.addTimes()
	s.addBookings()
	s.addMessages()
	s.addAccess()
	return s
}

// Insert adds all rows.
func (s *Sample) Insert(tx *store.Tx) error {
	for _, row := range s.Rows {
		if err := row.insert(tx); err != nil {
			return fmt.Errorf("%s: %w", row.Type, err)
		}
	}
	return nil
}

// Fill puts a sample into a school.
func Fill(t testing.TB, rows *store.Store, school models.SchoolID, sample *Sample) {
	t.Helper()
	if err := rows.For(As(school)).Write(context.Background(), sample.Insert); err != nil {
		t.Fatal(err)
	}
}

func (s *Sample) add(rows ...Row) {
	for _, row := range rows {
		for _, name := range []string{"Details", "Factors"} {
			if sealed := reflect.ValueOf(row.Value).Elem().FieldByName(name); sealed.IsValid() {
				s.fillTexts(sealed)
			}
		}
	}
	s.Rows = append(s.Rows, rows...)
}

// fillTexts fills in the texts that a sealed value lacks, so that one that is added to it is in the sample too.
func (s *Sample) fillTexts(sealed reflect.Value) {
	for i := range sealed.NumField() {
		if field := sealed.Field(i); field.Type() == reflect.TypeFor[string]() && field.String() == "" {
			name, _, _ := strings.Cut(sealed.Type().Field(i).Tag.Get("json"), ",")
			field.SetString(s.text(name))
		}
	}
}

// text gives a text with the sample's word and another one for each turn.
func (s *Sample) text(name string) string { return fmt.Sprintf("%s %s %d", s.Word, name, s.turn) }

// bytes stands for a keyed index.
func (s *Sample) bytes(name string) []byte { return []byte(s.text(name + " index")) }

func (s *Sample) at(minutes int) time.Time {
	return Start().Add(time.Duration(minutes)*time.Minute + time.Duration(s.turn)*time.Hour + 123456*time.Microsecond)
}

func (s *Sample) instant(minutes int) *time.Time {
	instant := s.at(minutes)
	return &instant
}

func (s *Sample) yes() bool { return s.turn == 0 }

func turned[T any](s *Sample, first, second T) T {
	if s.turn == 0 {
		return first
	}
	return second
}

func (s *Sample) addPeople() {
	s.add(
		rowOf(&models.Group{
			ID: ID[models.GroupID]("group"), State: turned(s, models.PersonActive, models.PersonLeft), Year: s.text("year"), CreatedAt: s.at(1),
			Details: models.GroupDetails{Key: s.text("group key"), Name: s.text("group")},
		}),
		rowOf(&models.Pupil{
			ID: ID[models.PupilID]("pupil"), State: turned(s, models.PersonActive, models.PersonLeft), GroupID: ID[models.GroupID]("group"), Year: s.text("year"),
			Arrangement: turned(s, models.ArrangementEach, models.ArrangementOne), Protected: s.yes(), CreatedAt: s.at(2),
			Details: models.PupilDetails{
				Key: s.text("pupil key"), Given: s.text("given"), Prefix: s.text("prefix"), Surname: s.text("surname"), Aliases: []string{s.text("alias")},
				FormerAdultFrom: civil.Date{Year: 2033, Month: 5, Day: 4 + s.turn}, ParentsMayBook: s.yes(), ByHand: s.yes(), OneAtATime: new(s.yes()),
			},
			Factors: models.PupilFactors{BirthDate: civil.Date{Year: 2015, Month: 5, Day: 4 + s.turn}, AdultFrom: civil.Date{Year: 2034, Month: 5, Day: 4 + s.turn}},
		}),
		rowOf(&models.PupilGroup{PupilID: ID[models.PupilID]("pupil"), GroupID: ID[models.GroupID]("group")}),
		rowOf(&models.Staff{
			ID: ID[models.StaffID]("staff"), State: turned(s, models.PersonActive, models.PersonLeft), CreatedAt: s.at(3),
			Details: models.StaffDetails{
				Key: s.text("staff key"), DisplayName: s.text("display"), Given: s.text("staff given"), Prefix: s.text("staff prefix"),
				Surname: s.text("staff surname"), Email: s.text("staff mail"), Aliases: []string{s.text("staff alias")},
			},
		}),
		rowOf(&models.Teaching{
			ID: ID[models.RowID]("teaching"), StaffID: ID[models.StaffID]("staff"), GroupID: ID[models.GroupID]("group"), PupilID: ID[models.PupilID]("pupil"),
			Role: turned(s, models.TeachesMentor, models.TeachesCare), Subject: s.text("subject"), FromRoster: s.yes(), Removed: s.yes(), InsteadID: ID[models.StaffID]("staff"),
		}),
	)
}

func (s *Sample) addHouseholds() {
	household := ID[models.HouseholdID]("household")
	s.add(
		rowOf(&models.Household{
			ID: household, Origin: turned(s, models.OriginSingle, models.OriginStaff), FamilyCodeIndex: s.bytes("family code"), Revision: int64(2 + s.turn), CreatedAt: s.at(4),
			Details: models.HouseholdDetails{OwnPupil: s.yes(), Label: s.text("label"), Language: s.text("household language"), Interpreter: s.text("interpreter"), FamilyCode: s.text("family code")},
			Factors: models.HouseholdFactors{Postcode: s.text("household postcode"), OfPupils: s.yes()},
		}),
		rowOf(&models.HouseholdPupil{HouseholdID: household, PupilID: ID[models.PupilID]("pupil"), Position: 1 + s.turn, ByStaff: s.yes()}),
		rowOf(&models.Guardian{
			ID: ID[models.GuardianID]("guardian"), HouseholdID: household, StaffID: ID[models.StaffID]("staff"), Language: s.text("language"), FromRoster: s.yes(),
			Details: models.GuardianDetails{Name: s.text("guardian"), FileName: s.text("guardian of a file"), Uninformed: s.yes()},
		}),
		rowOf(&models.GuardianPupil{GuardianID: ID[models.GuardianID]("guardian"), PupilID: ID[models.PupilID]("pupil")}),
		rowOf(&models.Maker{
			ID: ID[models.MakerID]("maker"), HouseholdID: household, PupilIDs: []models.PupilID{ID[models.PupilID]("pupil")}, DeviceIndex: s.bytes("device"),
			Language: s.text("language"), ExpiresAt: s.at(500), CreatedAt: s.at(5),
		}),
		rowOf(&models.Contact{
			ID: ID[models.ContactID]("contact"), HouseholdID: household, GuardianID: ID[models.GuardianID]("guardian"), MakerID: ID[models.MakerID]("maker"),
			Kind: turned(s, models.ContactEmail, models.ContactPhone), Source: turned(s, models.SourceFile, models.SourceTyped), Purposes: []string{s.text("purpose")},
			Language: s.text("language"), VerifiedAt: s.instant(6), Suppressed: s.yes(), SuppressedAt: s.instant(7), SuppressedFor: s.text("suppressed for"), CreatedAt: s.at(7), Details: models.ContactDetails{Value: s.text("contact")},
		}),
	)
}

func (s *Sample) addRoster() {
	s.add(
		rowOf(&models.MergeSuggestion{
			ID: ID[models.RowID]("suggestion"), State: turned(s, models.SuggestionOpen, models.SuggestionDeclined), PupilIDs: []models.PupilID{ID[models.PupilID]("pupil")},
			Reason: s.text("reason"), Vetoes: []string{s.text("veto")}, Members: s.bytes("members"), CreatedAt: s.at(8),
		}),
		rowOf(&models.ExternalKey{Kind: models.SubjectPupil, KeyIndex: []byte("external key"), Subject: turned(s, ID[models.RowID]("pupil"), ID[models.RowID]("other"))}),
		rowOf(&models.Logo{
			ID: ID[models.RowID]("logo"), Picture: s.bytes("picture"), CreatedAt: s.at(8),
		}),
		rowOf(&models.ColumnMapping{
			ID: ID[models.RowID]("column mapping"), Source: s.bytes("source"), CreatedAt: s.at(8), UsedAt: s.at(9),
			Details: models.ColumnMappingDetails{Name: s.text("source"), Mapping: map[string]string{s.text("header"): s.text("column field")}},
		}),
		rowOf(&models.Override{
			ID: ID[models.RowID]("override"), Kind: turned(s, models.SubjectPupil, models.SubjectStaff), Subject: ID[models.RowID]("pupil"), Field: s.text("field"),
			At: s.at(9), Details: models.OverrideValue{Value: s.text("override")},
		}),
		rowOf(&models.Import{
			ID: ID[models.RowID]("import"), At: s.at(10), Format: s.text("format"), Counts: map[string]int{s.text("count"): 3}, Dropped: []string{s.text("dropped")},
			State: turned(s, models.ImportReady, models.ImportApplied), Questions: 2 + s.turn, Problem: s.text("problem"), TaskID: ID[models.TaskID]("task"),
			Details: models.ImportDetails{
				Source: s.text("source"), Mapping: map[string]string{s.text("header"): s.text("mapped")}, Encoding: s.text("encoding"), Sheet: s.text("sheet"),
				Answers: map[string]string{s.text("question"): s.text("answer")}, Groups: []string{s.text("group")},
				Apply: turned(s, models.ApplyClear, models.ApplyLeave), Tell: s.yes(),
				Policy: &models.Policy{
					Factors: []models.Factor{models.Factor(s.text("factor"))}, PostcodePart: models.PostcodePart(s.text("part")), LegalGround: s.text("ground"),
				},
			},
			Outcome: []byte(`"` + s.text("outcome") + `"`),
		}),
		rowOf(&models.ImportFile{
			ID: ID[models.RowID]("import file"), ImportID: ID[models.RowID]("import"), Position: 1 + s.turn,
			Content: models.ImportFileContent{Name: s.text("file"), Data: s.bytes("data")},
		}),
		rowOf(&models.UndoRow{
			ID: ID[models.RowID]("undone"), ImportID: ID[models.RowID]("import"), At: s.at(11), Kind: s.text("kind"),
			Details: models.UndoDetails{
				Key: s.bytes("undo"), Before: models.RowImage{"Details.given": json.RawMessage(strconv.Quote(s.text("left")))}, After: map[string][]byte{s.text("undo field"): s.bytes("after")},
				Added: s.bytes("added"),
				Talk: &models.FormerTalk{
					Pupil: ID[models.PupilID]("pupil"), Household: ID[models.HouseholdID]("household"), Conference: ID[models.ConferenceID]("conference"),
					Day: ID[models.DayID]("day"), Kind: ID[models.TalkKindID]("talk kind"), Start: Tick(1), End: Tick(3 + s.turn), Staff: []models.StaffID{ID[models.StaffID]("staff")},
				},
			},
		}),
	)
}

func (s *Sample) addConference() {
	conference := ID[models.ConferenceID]("conference")
	s.add(
		rowOf(&models.Conference{
			ID: conference, State: turned(s, models.ConferenceOpen, models.ConferenceClosed), OpensAt: s.at(20), ClosesAt: s.at(30),
			Rules:   models.ConferenceRules{MaxPerPupil: 3 + s.turn, MaxPerHousehold: 9, WalkingMinutes: 5, LeadMinutes: 30, CancelMinutes: 15},
			Version: int64(7 + s.turn), CreatedAt: s.at(11), Details: models.ConferenceDetails{Key: s.text("conference key"), Title: s.text("title"), Note: s.text("note")},
		}),
		rowOf(&models.Day{
			ID: ID[models.DayID]("day"), ConferenceID: conference, Date: civil.Date{Year: 2026, Month: 11, Day: 16 + s.turn},
			Audience: models.Audience{Everybody: s.yes(), Groups: []models.GroupID{ID[models.GroupID]("group")}, Years: []string{s.text("year")}, Siblings: s.yes()},
		}),
		rowOf(&models.TalkKind{
			ID: ID[models.TalkKindID]("talk kind"), ConferenceID: conference, Minutes: 10 + 5*s.turn, Obligation: turned(s, models.Expected, models.Required),
			MaxPerPupil: 2 + s.turn, PupilAttends: s.yes(), Staffing: turned(s, models.StaffedByMentor, models.StaffedByOffer),
			Pairing: turned(s, models.PairingEither, models.PairingBoth), Position: 4 + s.turn, Details: models.TalkKindDetails{Title: s.text("talk kind"), OneAtATime: s.yes()},
		}),
		rowOf(&models.Offer{
			ID: ID[models.RowID]("offer"), ConferenceID: conference, TalkKindID: ID[models.TalkKindID]("talk kind"), PupilID: ID[models.PupilID]("pupil"),
			GroupID: ID[models.GroupID]("group"), Year: s.text("year"),
		}),
		rowOf(&models.OfferStaff{OfferID: ID[models.RowID]("offer"), StaffID: ID[models.StaffID]("staff")}),
		rowOf(&models.Room{ID: ID[models.RoomID]("room"), UsedAlone: s.yes(), Details: models.RoomDetails{Key: s.text("room key"), Name: s.text("room"), Zone: s.text("zone")}}),
	)
}

func (s *Sample) addTimes() {
	conference, day, staff := ID[models.ConferenceID]("conference"), ID[models.DayID]("day"), ID[models.StaffID]("staff")
	s.add(
		rowOf(&models.Availability{
			ID: ID[models.RowID]("availability"), ConferenceID: conference, DayID: day, StaffID: staff, StartTick: Tick(s.turn), EndTick: Tick(24 + s.turn),
			RoomID: ID[models.RoomID]("room"),
		}),
		rowOf(&models.Block{
			ID: ID[models.RowID]("block"), ConferenceID: conference, DayID: day, StaffID: staff, StartTick: Tick(10 + s.turn), EndTick: Tick(12 + s.turn),
			Kind: turned(s, models.BlockBreak, models.BlockBlocked),
		}),
	)
}

// Tick gives the n-th tick of the sample's evening.
func Tick(n int) models.Tick {
	tick, _ := models.TickAt(time.Date(2026, time.November, 16, 18, 0, 0, 0, time.UTC))
	return tick + models.Tick(n)
}
