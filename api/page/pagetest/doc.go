// Package pagetest looks at pages in a real browser, for the tests of every kind of page: Chromium in a size and a colour scheme, axe-core for what a person with a
// screen reader or weak eyes would stumble over, and pictures for whoever wants to see them. The program itself never imports it.
package pagetest
