"""The commands of `aftersales`: read options, hold the lock, let the modules do the work."""
