package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificateLook is how often the files of the certificate are looked at, beside the signal that asks for it.
const certificateLook = time.Minute

// Certificate is the server's TLS certificate, read again when its files have changed. Connections that are open keep the one they began with.
type Certificate struct {
	certFile, keyFile string
	lock              sync.RWMutex
	present           *tls.Certificate
	seen              [2]time.Time // of the files when they were read
}

// NewCertificate reads the files. They are read again by reload.
func NewCertificate(certFile, keyFile string) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile}
	_, err := c.Reload(true)
	return c, err
}

// Reload reads the files again if they have changed, or in any case. If they are no pair, as they are for a moment while both are replaced, the present
// certificate stays in use.
func (c *Certificate) Reload(always bool) (changed bool, err error) {
	var seen [2]time.Time
	for i, name := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return false, fmt.Errorf("certificate: %w", err)
		}
		seen[i] = info.ModTime()
	}
	c.lock.RLock()
	same := seen == c.seen
	c.lock.RUnlock()
	if same && !always {
		return false, nil
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return false, fmt.Errorf("certificate: %w", err)
	}
	if pair.Leaf == nil {
		if pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0]); err != nil {
			return false, fmt.Errorf("certificate: %w", err)
		}
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	c.present, c.seen = &pair, seen
	return true, nil
}

// Ends is when the present certificate ends; zero without TLS.
func (c *Certificate) Ends() time.Time {
	if c == nil {
		return time.Time{}
	}
	c.lock.RLock()
	defer c.lock.RUnlock()
	return c.present.Leaf.NotAfter
}

// config is for the listener: HTTP/2 and HTTP/1.1, TLS 1.2 and up.
func (c *Certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			c.lock.RLock()
			defer c.lock.RUnlock()
			return c.present, nil
		},
	}
}

// run reloads when asked and every minute, until the context ends. A file that cannot be used is told to the log each time.
func (c *Certificate) run(ctx context.Context, asked <-chan os.Signal, logger *slog.Logger) {
	ticker := time.NewTicker(certificateLook)
	defer ticker.Stop()
	for {
		always := false
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-asked:
			always = true
		}
		changed, err := c.Reload(always)
		switch {
		case err != nil:
			logger.Error("the present certificate stays in use", "error", err)
		case changed:
			logger.Info("certificate", "ends", c.Ends())
		}
	}
}
