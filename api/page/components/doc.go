// Package components is one page that shows every component of the pages, in every state, with invented content: for whoever makes pages, and for tests. It reads
// nothing and knows nobody. A component that is not shown here does not exist, and a class of the style sheet that is not here is dead; a test holds both.
package components
