package page

import (
	"net/http"
	"time"

	"github.com/ouderavond/ouderavond/auth"
)

// The cookies, and no others. Those of a school carry its slug in their name, so that a family with children at two schools stays logged in at both.
const (
	sessionCookie  = "session"
	deviceCookie   = "device"
	languageCookie = "language"
)

const (
	deviceLife   = 180 * 24 * time.Hour
	languageLife = 365 * 24 * time.Hour
	// maxCookie is longer than any token.
	maxCookie = 200
)

func (v *visit) cookieName(kind string) string {
	name := kind
	if kind != languageCookie && v.front != nil {
		name += "-" + v.front.Slug
	}
	if v.pages.config.Secure {
		// The browser takes such a cookie only from this host, over HTTPS and for the whole of it.
		return "__Host-" + name
	}
	return name
}

func (v *visit) cookiePath(kind string) string {
	if v.pages.config.Secure || kind == languageCookie || v.front == nil {
		return "/"
	}
	return "/" + v.front.Slug
}

// cookie reads a cookie; empty if there is none that could be ours.
func (v *visit) cookie(kind string) string {
	found, err := v.c.Cookie(v.cookieName(kind))
	if err != nil || len(found.Value) > maxCookie {
		return ""
	}
	return found.Value
}

func (v *visit) setCookie(kind, value string, life time.Duration) {
	v.c.SetCookie(&http.Cookie{
		Name: v.cookieName(kind), Value: value, Path: v.cookiePath(kind), MaxAge: int(life / time.Second), Secure: v.pages.config.Secure,
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (v *visit) dropCookie(kind string) { v.setCookie(kind, "", -time.Second) }

// enter gives the browser the session that was opened for it.
func (v *visit) enter(opened *auth.Opened) {
	v.setCookie(sessionCookie, opened.Token, opened.ExpiresAt.Sub(v.now()))
	v.setCookie(deviceCookie, opened.Device, deviceLife)
	v.actor = opened.Actor
}
