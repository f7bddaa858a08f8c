package main

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
	"github.com/ouderavond/ouderavond/cmd/internal/server"
)

// shown asks over TLS, and gives the serial number of the certificate and the protocol.
func shown(t *testing.T, address string, believed *x509.CertPool) (serial int64, protocol string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: believed}, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	answer, err := client.Get("https://" + address + "/healthz")
	if err != nil {
		return 0, err.Error()
	}
	_ = answer.Body.Close()
	return answer.TLS.PeerCertificates[0].SerialNumber.Int64(), answer.Proto
}

func TestACertificateIsReplacedWithoutARestart(t *testing.T) {
	t.Parallel()
	shelf := t.TempDir()
	certFile, keyFile := filepath.Join(shelf, "cert.pem"), filepath.Join(shelf, "key.pem")
	first := cmdtest.Certify(t, certFile, keyFile, 10)
	data := t.TempDir()
	p := start(t, os.Args[0], data, "--tls-cert", certFile, "--tls-key", keyFile)
	if serial, protocol := shown(t, p.address, first); serial != 10 || protocol != "HTTP/2.0" {
		t.Fatalf("%d over %s", serial, protocol)
	}
	second := cmdtest.Certify(t, certFile, keyFile, 20)
	p.signal(syscall.SIGHUP)
	p.logged("certificate", 1)
	if serial, protocol := shown(t, p.address, second); serial != 20 || protocol != "HTTP/2.0" {
		t.Errorf("%d over %s", serial, protocol)
	}
	if err := os.WriteFile(certFile, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGHUP)
	p.logged("the present certificate stays in use", 1)
	if serial, protocol := shown(t, p.address, second); serial != 20 {
		t.Errorf("%d over %s", serial, protocol)
	}
	old := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: second, MaxVersion: tls.VersionTLS11}}}
	if answer, err := old.Get("https://" + p.address + "/healthz"); err == nil {
		_ = answer.Body.Close()
		t.Error("TLS 1.1 was taken")
	}
	// The command does not care about TLS.
	s := &shell{t, data}
	s.contains(s.must("", "health"), "ready")
	p.stop()
	if code, out := s.run("", "health"); code != 1 {
		t.Errorf("health of nobody: %d\n%s", code, out)
	}
}

func TestAFileThatChangedIsSeenWithoutASignal(t *testing.T) {
	t.Parallel()
	shelf := t.TempDir()
	certFile, keyFile := filepath.Join(shelf, "cert.pem"), filepath.Join(shelf, "key.pem")
	cmdtest.Certify(t, certFile, keyFile, 10)
	c, err := server.NewCertificate(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	if changed, err := c.Reload(false); changed || err != nil {
		t.Errorf("changed by itself: %v", err)
	}
	ends := c.Ends()
	cmdtest.Certify(t, certFile, keyFile, 20)
	later := time.Now().Add(time.Minute)
	if err := os.Chtimes(certFile, later, later); err != nil {
		t.Fatal(err)
	}
	if changed, err := c.Reload(false); !changed || err != nil || !c.Ends().After(ends) {
		t.Errorf("not seen: %v, ends %s", err, strconv.FormatInt(c.Ends().Unix(), 10))
	}
}
