package staff

import (
	"slices"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/auth/access"
)

// entry is an entry of the menu: a page that may be mounted, for those who may see it.
type entry struct {
	key, path, icon string
	needs           access.Action
}

// entries are the menu, in its order. What has no page is not shown.
var entries = []entry{
	{"evening", "/evening", "clock", access.OwnAvailability},
	{"hours", "/hours", "calendar", access.OwnAvailability},
	{"pupils", "/pupils", "people", access.OwnAvailability},
	{"today", "/today", "tick", access.ReadBookings},
	{"families", "/families", "people", access.ReadRoster},
	{"list", "/list", "upload", access.WriteRoster},
	{"rounds", "/rounds", "calendar", access.WriteConference},
	{"messages", "/messages", "mail", access.ReadBookings},
	{"people", "/people", "person", access.ReadAccounts},
	{"school", "/school", "settings", access.WriteSchool},
	{"account", "/account", "house", access.OwnAccount},
}

// menu returns the entries of the menu that somebody has use for.
func (v *Visit) menu() []layout.Entry {
	text := v.base.texts.For(v.Text.Language())
	var shown []layout.Entry
	for _, one := range entries {
		mounted := slices.ContainsFunc(v.base.routes, func(route Route) bool { return route.Path == one.path })
		reason := access.Decide(v.Actor, one.needs, v.Front.School)
		may := reason == access.Allowed || reason == access.ProofTooOld || reason == access.SecondFactor // a proof is asked for when the page is opened
		if may && mounted {
			shown = append(shown, layout.Entry{Key: one.key, Href: v.At(one.path), Label: text.Text("menu."+one.key, nil), Icon: one.icon})
		}
	}
	return shown
}

// Home is the address of the first page that somebody has use for.
func (v *Visit) Home() string {
	if shown := v.menu(); len(shown) > 0 {
		return shown[0].Href
	}
	return v.At("/account")
}
