package layout

import (
	"net/http"
	"time"
)

// The cookies, and no others. Those of a school carry its slug in their name, so that a family with children at two schools stays logged in at both.
const (
	SessionCookie = "session"
	DeviceCookie  = "device"
	TryCookie     = "try"
	// StaffCookie and StaffDeviceCookie are the session of a member of staff, and the receipt by which the browser is known again.
	StaffCookie       = "staff"
	StaffDeviceCookie = "staff-device"
	languageCookie    = "language"
)

const (
	// DeviceLife is how long a device stays known to a school.
	DeviceLife   = 180 * 24 * time.Hour
	languageLife = 365 * 24 * time.Hour
	// maxCookie is longer than any token.
	maxCookie = 200
)

func (v *Visit) cookieName(kind string) string {
	name := kind
	if kind != languageCookie && v.slug != "" {
		name += "-" + v.slug
	}
	if v.site.config.Secure {
		// The browser takes such a cookie only from this host, over HTTPS and for the whole of it.
		return "__Host-" + name
	}
	return name
}

func (v *Visit) cookiePath(kind string) string {
	if v.site.config.Secure || kind == languageCookie || v.slug == "" {
		return "/"
	}
	return "/" + v.slug
}

// Cookie reads a cookie; empty if there is none that could be ours.
func (v *Visit) Cookie(kind string) string {
	found, err := v.Echo.Cookie(v.cookieName(kind))
	if err != nil || len(found.Value) > maxCookie {
		return ""
	}
	return found.Value
}

// SetCookie sets one of the school's cookies for a length of time; one that is below zero drops it. No script reads it.
func (v *Visit) SetCookie(kind, value string, life time.Duration) {
	v.Echo.SetCookie(&http.Cookie{
		Name: v.cookieName(kind), Value: value, Path: v.cookiePath(kind), MaxAge: int(life / time.Second), Secure: v.site.config.Secure,
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// DropCookie makes the browser forget one of the school's cookies.
func (v *Visit) DropCookie(kind string) { v.SetCookie(kind, "", -time.Second) }
