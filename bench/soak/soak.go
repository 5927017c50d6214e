// Package soak holds the endurance tests, which are all in its test files: signals
// at random moments, full disks, readers that stall, many connections, one after the
// other and at once, big bodies and the limit of file descriptors. Each runs for
// seconds as a test, and for as long as an environment variable says; ./run sets their
// full lengths.
package soak
