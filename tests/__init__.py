"""Makes this folder win over a package that calls itself tests, as mpl-interactions installs one."""
