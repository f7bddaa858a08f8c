package rush

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strconv"
)

func (c *conn) readBody() error {
	c.body = c.body[:0]
	switch {
	case c.headers.chunked:
		return c.readChunks()
	case c.headers.length >= 0:
		return c.readBytes(c.headers.length)
	}
	// Without a length, the body ends with the connection.
	c.headers.closing = true
	rest, err := io.ReadAll(io.LimitReader(c.in, maxAnswer))
	c.body = append(c.body, rest...)
	return err
}

func (c *conn) readBytes(length int) error {
	had := len(c.body)
	if length < 0 || had+length > maxAnswer {
		return fmt.Errorf("the server's answer is larger than %d bytes", maxAnswer)
	}
	if cap(c.body) < had+length {
		grown := make([]byte, had, 2*(had+length))
		copy(grown, c.body)
		c.body = grown
	}
	c.body = c.body[:had+length]
	_, err := io.ReadFull(c.in, c.body[had:])
	return err
}

func (c *conn) readChunks() error {
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		size, _, _ := bytes.Cut(line, []byte(";"))
		length, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 31)
		if err != nil {
			return errors.New("the server's answer has a broken chunk")
		}
		if length == 0 {
			break
		}
		if err := c.readBytes(int(length)); err != nil {
			return err
		}
		if _, err := c.line(); err != nil {
			return err
		}
	}
	for { // trailers
		line, err := c.line()
		if err != nil || len(line) == 0 {
			return err
		}
	}
}

func (c *conn) unpacked() ([]byte, error) {
	if !c.headers.zipped {
		return c.body, nil
	}
	var err error
	if c.zip == nil {
		c.zip, err = gzip.NewReader(bytes.NewReader(c.body))
	} else {
		err = c.zip.Reset(bytes.NewReader(c.body))
	}
	if err != nil {
		return nil, err
	}
	into := bytes.NewBuffer(c.plain[:0])
	_, err = io.Copy(into, io.LimitReader(c.zip, maxAnswer))
	c.plain = into.Bytes()
	return c.plain, err
}
