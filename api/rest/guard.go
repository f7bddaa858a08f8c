package rest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

const (
	// JsonLimit is the greatest size of a JSON body, in bytes.
	JsonLimit = 1 << 20
	// SmallBody is the greatest size of a JSON body from somebody who is not known yet, in bytes, and up to what size nobody counts the bodies that are held at
	// once. A log-in has some hundred bytes: what strangers can make the server keep must not be more than a connection costs anyway.
	SmallBody = 16 << 10
	// uploadLimit is the greatest size of an upload, in bytes: all files and fields together.
	uploadLimit = 25 << 20
)

// MergePatch is the media type of a change that names only what is to be changed (RFC 7396): what every PATCH here takes.
const MergePatch = "application/merge-patch+json"

// byteOrderMark may stand before a text in UTF-8; a reader of JSON may pass over it (RFC 8259, section 8.1).
var byteOrderMark = []byte("\xEF\xBB\xBF")

// Guard stands in front of an operation: nothing of a request is looked at before it is known who asks and that they may.
func (s *Base) Guard(r *Route, local bool) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c := humaecho.Unwrap(ctx)
		if err := s.Admit(c, r, local); err != nil {
			s.refuse(c, err)
			return
		}
		leave, err := s.takeBody(c, r)
		defer leave()
		if err != nil {
			s.refuse(c, err)
			return
		}
		next(ctx)
	}
}

// Admit finds out who asks and for which school, and whether they may. Somebody who is not logged in learns nothing, not even whether the school exists;
// so a token that is not good for a school is answered as if there were no such token.
func (s *Base) Admit(c echo.Context, r *Route, local bool) error {
	ctx := c.Request().Context()
	v := CallOf(ctx)
	if r.Public != "" {
		return s.admitAnybody(ctx, c, r, v)
	}
	if r.Nearby && s.addresses.direct(c.Request()).IsLoopback() {
		return nil
	}
	token, err := bearer(c.Request())
	if err != nil && !local {
		return err
	}
	school, missing := s.schoolOf(ctx, c, r)
	if missing != nil && errs.KindOf(missing) != errs.NotFound {
		return missing
	}
	actor := models.Actor{Kind: models.ActorOperator, School: school}
	if !local {
		if actor, err = s.authenticate(ctx, school, token); err != nil {
			return err
		}
	}
	if missing != nil {
		return missing // only the operator comes here without a school
	}
	v.Actor, v.School = actor, school
	return s.decide(v, r, actor, school)
}

func (s *Base) decide(v *Call, r *Route, actor models.Actor, school models.SchoolID) error {
	for _, action := range r.Needs {
		if reason := access.Decide(actor, action, school); reason != access.Allowed {
			v.Refused = string(reason)
			v.lacking = lackingScopes(actor, r.Needs, school)
			return Refusal(reason)
		}
	}
	return nil
}

// lackingScopes names the scopes that a key of the school would need for what it may not do; none where no key may.
func lackingScopes(actor models.Actor, needs []access.Action, school models.SchoolID) []string {
	if actor.Kind != models.ActorKey || actor.School != school {
		return nil
	}
	var lacking []string
	for _, action := range needs {
		if access.Decide(actor, action, school) == access.Allowed {
			continue
		}
		scope := ""
		for _, one := range models.AllScopes() {
			if access.Decide(models.Actor{Kind: models.ActorKey, School: school, Scopes: []models.Scope{one}}, action, school) == access.Allowed {
				scope = string(one)
				break
			}
		}
		if scope == "" {
			return nil
		}
		if !slices.Contains(lacking, scope) {
			lacking = append(lacking, scope)
		}
	}
	return lacking
}

// Refusal turns a reason into what its cause may know of it: another school's things are not there at all.
func Refusal(reason access.Reason) error {
	switch reason {
	case access.Allowed:
		return nil
	case access.Nobody:
		return errs.New(errs.Unauthenticated, errs.CodeNotLoggedIn)
	case access.OtherSchool:
		return errs.New(errs.NotFound, errs.CodeNotFound)
	case access.SecondFactor:
		return errs.New(errs.Forbidden, "login.second-factor")
	case access.ProofTooOld:
		return errs.New(errs.Forbidden, "login.prove-again")
	default:
		return errs.New(errs.Forbidden, "forbidden")
	}
}

// admitAnybody lets everybody in; a session may come along where the route has a use for it.
func (s *Base) admitAnybody(ctx context.Context, c echo.Context, r *Route, v *Call) error {
	school, err := s.schoolOf(ctx, c, r)
	if err != nil {
		return err
	}
	v.School = school
	if !r.Session || len(c.Request().Header.Values(echo.HeaderAuthorization)) == 0 {
		return nil
	}
	token, err := bearer(c.Request())
	if err != nil {
		return err
	}
	actor, err := s.authenticate(ctx, school, token)
	if err == nil && actor.Kind == models.ActorParent {
		v.Actor = actor
	}
	return err
}

// schoolOf finds the school that the address names; the zero id for a route without one.
func (s *Base) schoolOf(ctx context.Context, c echo.Context, r *Route) (models.SchoolID, error) {
	if !strings.Contains(r.Path, "{school}") {
		return models.SchoolID{}, nil
	}
	name := c.Param("school")
	school, err := s.auth.School(ctx, name)
	if err == nil {
		return school, nil
	}
	// A wipe that was cut off goes on when it is asked for again: then the school is there no more for anybody else.
	if id, parsed := models.Parse[models.SchoolID](name); parsed == nil && r.Closing && errs.KindOf(err) == errs.NotFound {
		return id, nil
	}
	return models.SchoolID{}, err
}

// authenticate asks auth who a token belongs to. A fault of ours is not the token's.
func (s *Base) authenticate(ctx context.Context, school models.SchoolID, token string) (models.Actor, error) {
	actor, err := s.auth.Authenticate(ctx, school, token)
	if err == nil {
		return actor, nil
	}
	if known, ok := errs.As(err); ok && known.Kind == errs.Unauthenticated && !school.IsZero() {
		if cause := known.Unwrap(); cause != nil && errs.KindOf(cause) == errs.Internal {
			return actor, cause
		}
	}
	return actor, err
}

// bearer reads the token of the Authorization header (RFC 6750, section 2.1). It is the only place where a token is looked for: not in cookies, which other
// sites can make a browser send, and not in addresses, which end up in logs.
func bearer(request *http.Request) (string, error) {
	nobody := errs.New(errs.Unauthenticated, errs.CodeNotLoggedIn)
	headers := request.Header.Values(echo.HeaderAuthorization)
	if len(headers) != 1 {
		return "", nobody
	}
	scheme, token, found := strings.Cut(headers[0], " ")
	if !found || !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " \t,") {
		return "", nobody
	}
	return token, nil
}

// takeBody reads the body of a request that has one and refuses what no handler should see. leave is to be called when the request is answered.
func (s *Base) takeBody(c echo.Context, r *Route) (leave func(), err error) {
	request := c.Request()
	switch {
	case r.Upload != nil:
		CallOf(request.Context()).Body, leave, err = ReadBody(c, r.Upload.Types, uploadLimit, &s.uploads)
		return leave, err
	case r.Operation.Body:
		limit := int64(JsonLimit)
		if r.Public != "" {
			limit = SmallBody
		}
		types := []string{echo.MIMEApplicationJSON}
		if r.Method == http.MethodPatch {
			types = append(types, MergePatch)
		}
		body, leave, err := ReadBody(c, types, limit, &s.Bodies)
		if err != nil {
			return leave, err
		}
		body = bytes.TrimPrefix(body, byteOrderMark)
		// However its sender wrote the type, for the operation it is this one.
		request.Header.Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
		request.Body = io.NopCloser(bytes.NewReader(body))
		return leave, checkJSON(body)
	}
	return func() {}, nil
}

// ReadBody reads a body of one of the media types, up to a number of bytes, and holds its room until leave is called. Errors are problems of the protocol.
func ReadBody(c echo.Context, types []string, limit int64, within *bodyRoom) (body []byte, leave func(), err error) {
	request, leave := c.Request(), func() {}
	if request.ContentLength > limit {
		return nil, leave, WireFault(CodeTooLarge)
	}
	if !rightType(request.Header.Values(echo.HeaderContentType), types) {
		return nil, leave, WireFault(CodeMediaType)
	}
	packed, err := isPacked(request.Header)
	if err != nil {
		return nil, leave, err
	}
	size := request.ContentLength
	if size < 0 || packed {
		size = limit // it was not told
	}
	if size > SmallBody {
		if leave, err = within.take(size); err != nil {
			return nil, leave, err
		}
	}
	sent := io.Reader(http.MaxBytesReader(c.Response(), request.Body, limit))
	if packed {
		body, err = unpack(sent, limit)
		request.Header.Del(echo.HeaderContentEncoding)
	} else {
		body, err = io.ReadAll(sent)
	}
	if err != nil {
		return nil, leave, BodyFault(err)
	}
	if len(body) == 0 {
		return nil, leave, WireFault(CodeEmptyBody)
	}
	return body, leave, nil
}

// isPacked reports whether a body comes compressed by gzip, which is the one coding that is taken (RFC 9110, section 8.4).
func isPacked(headers http.Header) (bool, error) {
	coding := strings.ToLower(strings.TrimSpace(strings.Join(headers.Values(echo.HeaderContentEncoding), ",")))
	switch coding {
	case "", "identity":
		return false, nil
	case "gzip", "x-gzip":
		return true, nil
	}
	return false, WireFault(codeEncoding)
}

// unpack reads a compressed body, which must not be greater than the limit when it is unpacked either.
func unpack(sent io.Reader, limit int64) ([]byte, error) {
	reader, err := gzip.NewReader(sent)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(reader, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = &http.MaxBytesError{Limit: limit}
	}
	return body, err
}

// BodyFault returns what a failure to read a body is to its sender: too large, too slow, or broken off.
func BodyFault(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return WireFault(CodeTooLarge)
	}
	if slow, ok := errors.AsType[net.Error](err); ok && slow.Timeout() {
		return WireFault(CodeSlowBody)
	}
	return WireFault(CodeBadRequest)
}

// rightType reports whether a body says of itself that it is one of some types. JSON is UTF-8 by its own standard (RFC 8259, section 8.1); text files say
// what they are by their content.
func rightType(headers, types []string) bool {
	if len(headers) != 1 {
		return false
	}
	found, params, err := mime.ParseMediaType(headers[0])
	if err != nil || !slices.Contains(types, found) {
		return false
	}
	charset := params["charset"]
	return found != echo.MIMEApplicationJSON && found != MergePatch || charset == "" || strings.EqualFold(charset, "utf-8")
}
