package page

import (
	"slices"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models/errs"
)

// lasting are the reasons that another time does not help with: a talk that was refused for one of them is not planned again.
var lasting = []rules.Reason{rules.ReasonLimit, rules.ReasonClosed, rules.ReasonNotOffered}

// newProposal plans anew what could not be booked, from the state as it is now: the wishes of the plan that it came from, or the talks that were chosen by
// hand. Times that were refused are not proposed again, even if the session may not know why. It gives nothing where there is nothing to plan.
func (v *visit) newProposal(f *frame, home *family.Family, chosen []choice, typed typedContact, items []errs.Item) (*proposalView, planAsk, error) {
	ask, err := v.plan()
	if err != nil || len(ask.wishes) == 0 && len(chosen) < 2 {
		return nil, ask, err
	}
	again := ask
	if len(again.wishes) == 0 {
		for _, one := range chosen {
			again.wishes = append(again.wishes, choice{pupil: one.pupil, kind: one.kind, staff: one.staff})
			again.two = again.two || one.second
		}
	}
	again.two = again.two || typed.split
	question := again.question(home)
	question.Most = 1
	for _, item := range items {
		one, ok := chosenBy(chosen, item.Ref)
		if !ok {
			continue
		}
		if !slices.Contains(lasting, rules.Reason(item.Code)) {
			question.Refused = append(question.Refused, appointment.Request{Pupil: one.pupil, TalkKind: one.kind, Staff: one.staff, Start: one.time()})
			continue
		}
		question.Talks = slices.DeleteFunc(question.Talks, func(wish family.TalkRequest) bool {
			return wish.Pupil == one.pupil && wish.TalkKind == one.kind && (len(wish.Staff) == 0 || slices.Equal(sortedStaff(wish.Staff), sortedStaff(one.staff)))
		})
	}
	if len(question.Talks) == 0 {
		return nil, ask, nil
	}
	found, err := v.pages.config.Booking.Families.Propose(v.c.Request().Context(), v.actor, question)
	if _, persons := isPersons(err); err != nil && persons {
		return nil, ask, nil // the offer changed: what is possible is shown talk by talk
	}
	if err != nil || len(found.Proposals) == 0 {
		return nil, ask, err
	}
	view := v.proposalView(f, home, 1, found.Proposals[0], append(ask.hidden(), typed.hidden()...))
	if v.otherDay(chosen, found.Proposals[0]) {
		view.Note = f.T("conflict.other_day")
	}
	view.Heading, view.Take = f.T("conflict.plan"), f.T("conflict.book_plan")
	return &view, ask, nil
}

// otherDay tells that a proposal brings the family to school on a day that it did not choose: that is not to be overlooked in one tap.
func (v *visit) otherDay(chosen []choice, proposal family.Proposal) bool {
	return slices.ContainsFunc(proposal.Talks, func(talk family.Placement) bool {
		return !slices.ContainsFunc(chosen, func(one choice) bool { return v.dates().SameDay(one.time(), talk.Item.Start) })
	})
}
