package parent

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/models/errs"
)

// contactFields ask for an address and a number; nil where the school does not send that way.
type contactFields struct{ Email, Phone *layout.Field }

func (v *visit) contactFields(f *layout.Frame, typed typedContact) (fields contactFields) {
	if v.front.Channels.Mail {
		fields.Email = &layout.Field{
			Name: "email", Label: f.T("confirm.email"), Hint: f.T("confirm.email_hint"), Value: echoed(typed.email), Type: "email", Mode: "email", Autocomplete: "email",
		}
	}
	if v.front.Channels.SMS {
		fields.Phone = &layout.Field{
			Name: "phone", Label: f.T("confirm.phone"), Hint: f.T("confirm.phone_hint"), Value: echoed(typed.phone), Type: "tel", Mode: "tel", Autocomplete: "tel", Short: true,
		}
	}
	return fields
}

// blame puts what is wrong with the contact beside it and into the summary.
func (c contactFields) blame(f *layout.Frame, faults []errs.Field) {
	for _, asked := range []*layout.Field{c.Email, c.Phone} {
		for _, fault := range faults {
			if asked != nil && fault.Name == "contact."+asked.Name {
				asked.Error = f.FaultText(asked.Name, fault.Code)
				f.Blame(asked.Name, asked.Error)
			}
		}
	}
}

// given reports whether anything was typed.
func (t typedContact) given() bool {
	return strings.TrimSpace(t.email) != "" || strings.TrimSpace(t.phone) != ""
}

// addressView is the page on which a mistyped address is corrected. It does not show what was typed: somebody who is only recognised would learn from it which
// address the school has on file, because that one is not kept a second time.
type addressView struct {
	*layout.Frame
	contactFields
}

func (v *visit) addressView(typed typedContact) *addressView {
	f := v.frame("address.title")
	f.Current, f.Filled = "appointments", true
	return &addressView{f, v.contactFields(f, typed)}
}

func showAddress(v *visit) error {
	return v.Render(http.StatusOK, "address", v.addressView(typedContact{}))
}

func againAddress(v *visit) error {
	return v.Render(http.StatusOK, "address", v.addressView(v.typedContact()))
}

func postAddress(v *visit) error {
	typed := v.typedContact()
	if view := v.addressView(typed); !typed.given() {
		name := "email"
		if view.Email == nil {
			name = "phone"
		}
		view.blame(view.Frame, []errs.Field{{Name: "contact." + name, Code: errs.CodeRequired}})
		return v.Render(http.StatusUnprocessableEntity, "address", view)
	}
	err := v.retype(typed)
	found, ok := layout.IsPersons(err)
	switch {
	case err == nil:
		return v.Redirect(v.Path("/appointments"), url.Values{"done": {"address"}, "sent": {"1"}})
	case ok && found.Code == errs.CodeNothingBooked:
		return v.Redirect(v.Path("/appointments"), url.Values{"done": {"nothing"}})
	case !ok || len(found.Fields) == 0:
		return err
	}
	view := v.addressView(typed)
	if view.blame(view.Frame, found.Fields); len(view.Problems) == 0 {
		return err
	}
	return v.Render(http.StatusUnprocessableEntity, "address", view)
}

func (v *visit) retype(typed typedContact) error {
	return v.pages.config.Booking.Appointments.Retype(v.Echo.Request().Context(), v.actor, typed.email, typed.phone, v.Text.Language())
}

// haveItAt leads somebody who has booked everything already, and sent the form again with an address, to where it stands; the confirmation goes to that address.
func (v *visit) haveItAt(typed typedContact) error {
	if !typed.given() {
		return v.haveIt()
	}
	if err := v.retype(typed); err != nil && errs.CodeOf(err) != errs.CodeNothingBooked {
		return err
	}
	return v.Redirect(v.Path("/appointments"), url.Values{"done": {"have"}, "sent": {"1"}})
}

// refuseView is the page of the link by which somebody says that a message was not meant for them. Looking at it removes nothing: programs that read mail follow
// links too.
type refuseView struct{ *layout.Frame }

func showRefuse(v *visit) error {
	return v.Render(http.StatusOK, "refuse", &refuseView{v.frame("refuse.title")})
}

func postRefuse(v *visit) error {
	err := v.pages.config.Booking.Appointments.Refuse(v.Echo.Request().Context(), v.front.School, v.Echo.Param("token"))
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	v.Here = v.Path("")
	if err != nil {
		f := v.frame("link.bad_title")
		return v.Render(http.StatusNotFound, "failure", &layout.FailureView{Frame: f, Heading: f.Title, Body: f.T("refuse.bad"), Back: v.Path("")})
	}
	f := v.frame("refuse.done_title")
	return v.Render(http.StatusOK, "failure", &layout.FailureView{Frame: f, Heading: f.Title, Body: f.T("refuse.done"), Back: v.Path("")})
}
