package storetest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// Between stands between a store and PostgreSQL: it hears every statement that the store sends, whoever in the program sent it, and can cut all connections.
type Between struct {
	listener net.Listener
	server   string

	mutex sync.Mutex
	heard map[string]int
	open  map[net.Conn]bool
	// watch, if set, is told of each statement before the server gets it; false cuts the connection instead.
	watch func(statement string) bool
}

// NewBetween listens between whoever uses the address that it gives and the database at the given one, until the test ends.
func NewBetween(t testing.TB, address string) (between *Between, through string) {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &Between{listener: listener, server: target.Host, heard: map[string]int{}, open: map[net.Conn]bool{}}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			done.Go(func() { b.serve(client) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		b.Cut()
		done.Wait()
	})
	target.Host = listener.Addr().String()
	return b, target.String()
}

// Heard gives every statement that was sent, and how often. A statement that was prepared and run many times counts once for each connection.
func (b *Between) Heard() map[string]int {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	heard := make(map[string]int, len(b.heard))
	for statement, times := range b.heard {
		heard[statement] = times
	}
	return heard
}

// Watch tells a function of each statement from now on, before the server gets it; where it says false the connection is cut instead.
func (b *Between) Watch(watch func(statement string) bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.watch = watch
}

// Cut ends every connection, as a server does that dies.
func (b *Between) Cut() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for conn := range b.open {
		_ = conn.Close()
	}
}

func (b *Between) keep(conn net.Conn, open bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if open {
		b.open[conn] = true
	} else {
		delete(b.open, conn)
	}
}

func (b *Between) serve(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", b.server)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	for _, conn := range []net.Conn{client, server} {
		b.keep(conn, true)
		defer b.keep(conn, false)
	}
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		_, _ = io.Copy(client, server)
		_ = client.Close()
	}()
	_ = b.listen(bufio.NewReader(client), server)
	_ = server.Close()
	<-answered
}

var errCut = errors.New("cut")

// listen passes on what a client says, message by message (PostgreSQL's manual, 55.7): the first has no type.
func (b *Between) listen(client *bufio.Reader, server io.Writer) error {
	for first := true; ; first = false {
		var head []byte
		if !first {
			kind, err := client.ReadByte()
			if err != nil {
				return err
			}
			head = []byte{kind}
		}
		length := make([]byte, 4)
		if _, err := io.ReadFull(client, length); err != nil {
			return err
		}
		body := make([]byte, max(int(binary.BigEndian.Uint32(length))-len(length), 0))
		if _, err := io.ReadFull(client, body); err != nil {
			return err
		}
		if !first && !b.hear(head[0], body) {
			return errCut
		}
		if _, err := server.Write(append(append(head, length...), body...)); err != nil {
			return err
		}
	}
}

// hear notes the statement of a message that has one: Query, or Parse, where a name comes first.
func (b *Between) hear(kind byte, body []byte) bool {
	if kind == 'P' {
		_, body, _ = bytes.Cut(body, []byte{0})
	} else if kind != 'Q' {
		return true
	}
	text, _, _ := bytes.Cut(body, []byte{0})
	b.mutex.Lock()
	b.heard[string(text)]++
	watch := b.watch
	b.mutex.Unlock()
	return watch == nil || watch(string(text))
}
