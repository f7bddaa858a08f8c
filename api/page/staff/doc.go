// Package staff is what all pages have in common for those who work at a school: who is logged in, whether they may see a page, what they typed while their session
// ended, the menu. It has no page of its own; packages beside it have, and hand their tables of pages to a Base. Which role may see a page is package access's affair:
// a page names the actions that it needs, as a route of the API does.
package staff
