"""One module per command of `kstock`; each is loaded when its command is called."""
