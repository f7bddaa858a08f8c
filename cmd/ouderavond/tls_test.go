package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// certify writes a new certificate with a serial number into two files, and gives what believes it.
func certify(t *testing.T, certFile, keyFile string, serial int64) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Duration(serial) * 24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	signed, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: signed}, keyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}))
	return pool
}

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
	first := certify(t, certFile, keyFile, 10)
	data := t.TempDir()
	p := start(t, os.Args[0], data, "--tls-cert", certFile, "--tls-key", keyFile)
	if serial, protocol := shown(t, p.address, first); serial != 10 || protocol != "HTTP/2.0" {
		t.Fatalf("%d over %s", serial, protocol)
	}
	second := certify(t, certFile, keyFile, 20)
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
	certify(t, certFile, keyFile, 10)
	c, err := newCertificate(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	if changed, err := c.reload(false); changed || err != nil {
		t.Errorf("changed by itself: %v", err)
	}
	ends := c.ends()
	certify(t, certFile, keyFile, 20)
	later := time.Now().Add(time.Minute)
	if err := os.Chtimes(certFile, later, later); err != nil {
		t.Fatal(err)
	}
	if changed, err := c.reload(false); !changed || err != nil || !c.ends().After(ends) {
		t.Errorf("not seen: %v, ends %s", err, strconv.FormatInt(c.ends().Unix(), 10))
	}
}
