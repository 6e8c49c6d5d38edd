"""What tests of several rooms share: bodies, clips, networks, a browser, places."""
