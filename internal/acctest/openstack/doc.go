// Package openstack holds what a real Keystone and Glance, and the emulator, must both do. Its tests run against the
// emulator always, and against the real ones when OPENSTACK_AUTH_URL says where they are: see lab.sh, or `make
// test-openstack`.
package openstack
