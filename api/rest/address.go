package rest

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Addresses tells from which address a request came. The zero value trusts no proxy.
type Addresses struct{ proxies []netip.Prefix }

// NewAddresses makes Addresses that believe the given networks when they say for whom they forward.
func NewAddresses(proxies []netip.Prefix) Addresses {
	return Addresses{proxies: slices.Clone(proxies)}
}

// Of gives the address of whoever made the request: the connection's own or, where that is a trusted proxy, the right-most address of X-Forwarded-For that
// is not one. Everything left of it was written by the caller and counts for nothing; so do Forwarded and X-Real-IP. A connection without an address, such
// as a Unix socket, gives the zero address.
func (a Addresses) Of(request *http.Request) netip.Addr {
	peer := parsePeer(request.RemoteAddr)
	if !a.trusts(peer) {
		return peer
	}
	// Several headers are one list (RFC 9110, section 5.3).
	hops := strings.Split(strings.Join(request.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		address := parseHop(hop)
		if !address.IsValid() {
			return peer
		}
		peer = address
		if !a.trusts(address) {
			return peer
		}
	}
	return peer
}

// direct gives the address of a request that nobody forwarded; the zero address for one that says it was, so that what a proxy on this machine hands on does
// not count as from this machine.
func (a Addresses) direct(request *http.Request) netip.Addr {
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"} {
		if len(request.Header.Values(name)) > 0 {
			return netip.Addr{}
		}
	}
	return parsePeer(request.RemoteAddr)
}

func (a Addresses) trusts(address netip.Addr) bool {
	return address.IsValid() && slices.ContainsFunc(a.proxies, func(network netip.Prefix) bool { return network.Contains(address) })
}

func parsePeer(remote string) netip.Addr {
	if pair, err := netip.ParseAddrPort(remote); err == nil {
		return pair.Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}

// parseHop reads an entry of X-Forwarded-For; some proxies add the port.
func parseHop(text string) netip.Addr {
	text = strings.TrimSpace(text)
	if address, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return address.Unmap().WithZone("")
	}
	return parsePeer(text)
}
