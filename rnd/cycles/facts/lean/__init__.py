"""The clock on bare integers, for one ticket (or task) at a time: what an entry of the journal asks for."""
