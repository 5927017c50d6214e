package tlsdial

import "strconv"

// Name is the alert by its number and its name in RFC 8446, without who sent it:
// "alert 48 unknown_ca".
func (e *AlertError) Name() string {
	name, ok := alertNames[e.Code]
	if !ok {
		name = "(unknown)"
	}
	return "alert " + strconv.Itoa(int(e.Code)) + " " + name
}
