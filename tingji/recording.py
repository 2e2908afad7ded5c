"""`tingji record`: the settings of the capture daemon, and the list of devices."""
