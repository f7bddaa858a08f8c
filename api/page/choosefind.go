package page

import (
	"slices"
	"strconv"
)

// listOf gives the id of the list with a name.
func (c *chooseView) listOf(name string) string {
	for _, child := range c.Children {
		for _, talk := range child.Talks {
			for _, list := range talk.Lists {
				if list.Name == name {
					return list.ID
				}
			}
		}
	}
	return "main"
}

// unfoldFirst gives the first list and sees to it that it is not folded away.
func (c *chooseView) unfoldFirst() string {
	first := c.firstList()
	for i := range c.Children {
		for j := range c.Children[i].Talks {
			talk := &c.Children[i].Talks[j]
			talk.Open = talk.Open || slices.ContainsFunc(talk.Lists, func(list listView) bool { return list.ID == first })
		}
	}
	return first
}

// firstList is where the summary of what is wrong leads if it is about no list in particular.
func (c *chooseView) firstList() string {
	for _, child := range c.Children {
		for _, talk := range child.Talks {
			for _, list := range talk.Lists {
				if list.Full == "" {
					return list.ID
				}
			}
		}
	}
	return "main"
}

// number gives the lists short ids, which stand in the page three times each, and tells the summary what is wrong with them.
func (c *chooseView) number() {
	count := 0
	for i := range c.Children {
		for j := range c.Children[i].Talks {
			for k := range c.Children[i].Talks[j].Lists {
				list := &c.Children[i].Talks[j].Lists[k]
				count++
				list.ID = "t" + strconv.Itoa(count)
				if list.Error != "" {
					c.blame(list.ID, list.Error)
				}
			}
		}
	}
}
