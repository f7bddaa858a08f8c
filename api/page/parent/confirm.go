package parent

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// typedContact is what is typed and ticked on the confirm page.
type typedContact struct {
	email, phone         string
	nearest, rest, split bool
	// key makes a repeat of the same form answer with the first outcome. Empty makes a new one.
	key string
}

func (v *visit) typedContact() typedContact {
	return typedContact{
		email: v.Form.Value("email"), phone: v.Form.Value("phone"), nearest: v.Form.Value("nearest") != "", rest: v.Form.Value("rest") != "",
		split: v.Form.Value("split") != "", key: v.Form.Value("key"),
	}
}

// actKey is the key of what a form asks for. A form may be sent again: as it was, which is the same act, or, by somebody who went back to it, with another time
// or address, which is another one.
func (v *visit) actKey() string {
	key := v.Form.Value("key")
	if key == "" || len(key) > 255 { // none, or one that our forms do not have, which booking refuses
		return key
	}
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(v.Form)) {
		fmt.Fprintf(sum, "%q=%q ", name, v.Form.Value(name))
	}
	fmt.Fprint(sum, v.Text.Language())
	return hex.EncodeToString(sum.Sum(nil))
}

// newKey makes a key for a form that has none yet.
func newKey(present string) string {
	if present != "" {
		return present
	}
	return rand.Text()
}

// confirmView is the page with the choices in the order of the evening, and where to send the confirmation.
type confirmView struct {
	*layout.Frame
	fullBox
	contactFields
	Days          dayViews
	Count         int
	Hidden        []layout.Hidden
	Clash         bool
	Split         bool
	Nearest, Rest bool
	Several       bool
	// Planned tells that the talks come from a proposal: the way back to the others is offered.
	Planned bool
}

// dayView is a day with its talks.
type dayView struct {
	Label string
	Talks []itemView
}

// itemView is a talk in a list of a day.
type itemView struct {
	Time, Child, Title, Staff, Room string
	Note, Warning                   string
	After                           string // how long it is to the next talk
	Lang                            string // of the title, where it is another than the page's
	Move, Cancel                    string // where that can be done; empty where it cannot
}

func showConfirm(v *visit) error {
	chosen, err := decodeChoices(v.Query)
	if err != nil {
		return err
	}
	return v.confirmChosen(chosen, typedContact{})
}

// confirmChosen shows what was chosen once more before it is booked. What the family is not offered, because somebody else logged in or the offer changed,
// leads back to choosing, with what is left to be looked at again.
func (v *visit) confirmChosen(chosen []request, typed typedContact) error {
	home, err := v.family()
	if err != nil || home == nil {
		return err
	}
	known, unknown := offers(home, chosen)
	if len(chosen) == 0 {
		return v.Redirect(v.Path("/choose"), v.chosenFields())
	}
	if len(unknown) > 0 {
		return v.chooseAgain(known)
	}
	rest, own := notBooked(home, chosen)
	if len(rest) == 0 {
		return v.haveIt()
	}
	known, _ = offers(home, rest)
	view, err := v.confirmView(home, known, typed)
	if err != nil {
		return err
	}
	for _, a := range own {
		view.Say(true, "confirm.have", "Child", a.Child, "Staff", v.staffList(a.Staff), "Time", v.dates().DateTime(a.Start))
	}
	return v.Render(http.StatusOK, "confirm", view)
}

// chooseAgain goes back to choosing with the choices that are left, and says that there were others.
func (v *visit) chooseAgain(known []offered) error {
	if len(v.typedFields()) > 0 {
		v.Query["kept"] = []string{"1"}
		return v.choosePage(choicesOf(known))
	}
	return v.Redirect(v.Path("/choose"), withAnd(encodeChoices(choicesOf(known)), "kept"))
}

func againConfirm(v *visit) error {
	chosen, err := decodeChoices(v.Form)
	if err != nil {
		return err
	}
	return v.confirmChosen(chosen, v.typedContact())
}

func (v *visit) confirmPage(home *family.Family, known []offered, typed typedContact, status int) error {
	view, err := v.confirmView(home, known, typed)
	if err != nil {
		return err
	}
	return v.Render(status, "confirm", view)
}

func (v *visit) confirmView(home *family.Family, known []offered, typed typedContact) (*confirmView, error) {
	chosen := choicesOf(known)
	ask, err := v.plan()
	if err != nil {
		return nil, err
	}
	f := v.frame("confirm.title")
	f.Current, f.Filled = "choose", true
	view := &confirmView{
		Frame: f, fullBox: v.full(home, chosen), contactFields: v.contactFields(f, typed), Days: v.days(home, known), Count: len(known), Clash: anyClash(known), Split: typed.split, Nearest: typed.nearest, Rest: typed.rest,
		Several: len(known) > 1, Planned: ask.taken, Hidden: slices.Concat(hiddenChoices(chosen), ask.hidden(), []layout.Hidden{{Name: "key", Value: newKey(typed.key)}}),
	}
	return view, nil
}

// days puts choices into the order of the evening.
func (v *visit) days(home *family.Family, known []offered) dayViews {
	sorted := slices.SortedStableFunc(slices.Values(known), func(a, b offered) int { return compareChoices(a.choice, b.choice) })
	var days dayViews
	for i, one := range sorted {
		if i == 0 || !v.dates().SameDay(sorted[i-1].choice.time(), one.choice.time()) {
			days = append(days, dayView{Label: v.dates().Date(one.choice.time())})
		}
		day := &days[len(days)-1]
		day.Talks = append(day.Talks, v.item(home, one))
	}
	return days
}

func (v *visit) item(home *family.Family, one offered) itemView {
	item := itemView{
		Lang: v.given(), Time: v.dates().Span(one.choice.time(), one.end().Time()), Child: one.child.Given, Title: withSubject(one.talk.Title, one.option.Subject), Staff: v.staffList(one.option.Staff),
	}
	switch {
	case !one.free() && busyAt(home, one):
		item.Warning = v.Text.Text("reason.overlap", nil)
	case !one.free():
		item.Warning = v.Text.Text("confirm.taken", nil)
	case one.choice.second:
		item.Note = v.Text.Text("confirm.second", nil)
	}
	return item
}

// postConfirm books everything in one act.
func postConfirm(v *visit) error {
	chosen, err := decodeChoices(v.Form)
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		return v.Redirect(v.Path("/choose"), v.chosenFields())
	}
	typed := v.typedContact()
	if typed.split {
		home, err := v.family()
		if err != nil || home == nil {
			return err
		}
		known, _ := offers(home, chosen)
		splitUp(known)
		chosen = replaceParties(chosen, known)
	}
	outcome, err := v.book(chosen, typed)
	if err == nil && len(outcome.Unplaced) == 0 {
		return v.Redirect(v.Path("/appointments"), doneQuery(nil, outcome, chosen, typed))
	}
	// Only what is in the way of somebody is looked up.
	home, gone := v.family()
	if gone != nil || home == nil {
		return gone
	}
	if rest, own := notBooked(home, chosen); len(own) > 0 && errs.CodeOf(err) == errs.CodeItems {
		// Not a repeat, whose outcome is kept, but another form with talks that are booked already: the others are still to be had.
		if len(rest) == 0 {
			return v.haveItAt(typed)
		}
		chosen = rest
		outcome, err = v.book(chosen, typed)
	}
	if err != nil {
		return v.notBooked(home, chosen, typed, err)
	}
	return v.Redirect(v.Path("/appointments"), doneQuery(home, outcome, chosen, typed))
}

func (v *visit) book(chosen []request, typed typedContact) (*appointment.Outcome, error) {
	return v.pages.config.Booking.Appointments.Book(v.Echo.Request().Context(), v.actor, v.change(chosen, typed))
}

// replaceParties takes over who goes where. Choices that are not known stay as they are: the booking names what is wrong with them.
func replaceParties(chosen []request, known []offered) []request {
	replaced := slices.Clone(chosen)
	for i := range replaced {
		for _, one := range known {
			if replaced[i].sameTalk(one.choice) && replaced[i].start == one.choice.start {
				replaced[i].second = one.choice.second
			}
		}
	}
	return replaced
}

// change is the booking of choices. An item's name is its place in the list.
func (v *visit) change(chosen []request, typed typedContact) appointment.Change {
	change := appointment.Change{
		Email: typed.email, Phone: typed.phone, Language: v.Text.Language(), Nearest: typed.nearest, BookRest: typed.rest, IdempotencyKey: v.actKey(),
	}
	for i, one := range chosen {
		item := appointment.Request{Ref: strconv.Itoa(i), Pupil: one.pupil, TalkKind: one.kind, Staff: one.staff, Start: one.time(), Party: 1}
		if one.second {
			item.Party = 2
		}
		change.AcceptWalking = change.AcceptWalking || one.walk
		change.Make = append(change.Make, item)
	}
	return change
}

// doneQuery says on the next page what was done: ids and closed words only.
func doneQuery(home *family.Family, outcome *appointment.Outcome, chosen []request, typed typedContact) url.Values {
	query := url.Values{"done": {"booked"}}
	if typed.given() {
		query.Set("sent", "1")
	}
	for _, item := range outcome.Unplaced {
		one, ok := chosenBy(chosen, item.Ref)
		if _, own := notBooked(home, []request{one}); ok && len(own) == 0 {
			query.Set("done", "partly")
			query.Set("u"+strings.TrimPrefix(one.name(), "c"), one.value()+"-"+item.Code)
		}
	}
	for _, made := range outcome.Appointments {
		tick, _ := models.TickAt(made.Start)
		if !slices.ContainsFunc(chosen, func(c request) bool { return c.pupil == made.Pupil && c.kind == made.TalkKind && c.start == tick }) {
			query.Set("moved", "1")
		}
	}
	return query
}

// chosenBy finds the choice that an item of an error is about.
func chosenBy(chosen []request, ref string) (request, bool) {
	index, err := strconv.Atoi(ref)
	if err != nil || index < 0 || index >= len(chosen) {
		return request{}, false
	}
	return chosen[index], true
}

// askToConfirm sends a family on to the codes, with what it chose and typed or where it was going.
func (v *visit) askToConfirm(next string) error {
	if len(v.typedFields()) > 0 {
		return v.codePage("", layout.Form{}, true)
	}
	query := withAnd(v.chosenFields(), "first")
	if next != "" {
		query.Set(nextField, next)
	}
	return v.Redirect(v.Path("/code"), query)
}

// notBooked answers a booking that could not be. Nothing was changed by it, and nothing that was chosen or typed gets lost.
func (v *visit) notBooked(home *family.Family, chosen []request, typed typedContact, err error) error {
	if errs.CodeOf(err) == errs.CodeConfirmFirst {
		return v.askToConfirm("")
	}
	found, ok := layout.IsPersons(err)
	if !ok && errs.KindOf(err) != errs.Unavailable {
		return err
	}
	if ok && found.Code == errs.CodeKeyReused {
		// This very form was booked already, and then changed and sent again: the appointments tell what there is.
		return v.Redirect(v.Path("/appointments"), url.Values{"done": {"already"}})
	}
	if ok && found.Code == errs.CodeItems {
		return v.conflictPage(home, chosen, found.Items)
	}
	known, unknown := offers(home, chosen)
	if len(known) == 0 || len(unknown) > 0 {
		return v.chooseAgain(known)
	}
	view, viewError := v.confirmView(home, known, typed)
	if viewError != nil {
		return viewError
	}
	status := http.StatusUnprocessableEntity
	switch {
	case !ok:
		status = http.StatusServiceUnavailable
		view.Blame("book", view.T("confirm.try_again"))
	case len(found.Fields) > 0:
		view.blame(view.Frame, found.Fields)
	default:
		view.Blame("book", view.T("confirm.try_again"))
	}
	if len(view.Problems) == 0 {
		return err
	}
	return v.Render(status, "confirm", view)
}
