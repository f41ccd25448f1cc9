"""The player: the steps of a computation as one page that needs neither kernel nor network."""
