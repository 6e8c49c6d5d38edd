"""The learned stages of an analysis: which are on, what they load, what their cards say."""
