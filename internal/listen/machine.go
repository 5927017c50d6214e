package listen

import (
	"net"
	"net/netip"
	"slices"
)

// OtherAddresses gives the IP addresses under which other machines can reach this one, IPv4 first, without brackets and
// without those that only work with a zone. It is empty when there are none or they cannot be found out.
func OtherAddresses() []string {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var found []netip.Addr
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, address := range addresses {
			if prefix, err := netip.ParsePrefix(address.String()); err == nil && prefix.Addr().IsGlobalUnicast() {
				found = append(found, prefix.Addr().Unmap())
			}
		}
	}
	slices.SortFunc(found, netip.Addr.Compare) // IPv4 sorts before IPv6
	var texts []string
	for _, ip := range slices.Compact(found) {
		texts = append(texts, ip.String())
	}
	return texts
}
