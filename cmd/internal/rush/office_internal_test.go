package rush

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// A restart may fall between the last family and the audit.
func TestTheOfficeWaitsForAServerThatWasThere(t *testing.T) {
	t.Parallel()
	answers := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"token":"x"}`)) })
	first := httptest.NewServer(answers)
	address := first.Listener.Addr().String()
	connections := &http.Transport{}
	defer connections.CloseIdleConnections()
	office := &Office{HTTP: &http.Client{Transport: connections}, Bases: []string{first.URL}}
	look := func() error {
		var got struct{ Token string }
		err := office.call(t.Context(), http.MethodGet, "/", nil, &got)
		if err == nil && got.Token != "x" {
			t.Errorf("got %+v", got)
		}
		return err
	}
	if err := look(); err != nil {
		t.Fatal(err)
	}
	first.Close()
	told := make(chan error, 1)
	go func() { told <- look() }()
	time.Sleep(3 * officePause) // nobody tells when a connection was refused
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("somebody else has the address: %v", err)
	}
	second := &httptest.Server{Listener: listener, Config: &http.Server{Handler: answers}}
	second.Start()
	defer second.Close()
	if err := <-told; err != nil {
		t.Errorf("the audit gave up: %v", err)
	}

	nobody := &Office{HTTP: http.DefaultClient, Bases: []string{"http://127.0.0.1:1"}}
	begun := time.Now()
	if err := nobody.call(t.Context(), http.MethodGet, "/", nil, nil); err == nil || time.Since(begun) > officeWaits/2 {
		t.Errorf("a server that never was there: %v after %v", err, time.Since(begun))
	}
}
