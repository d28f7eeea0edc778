"""Defects that the tests of the gate plant, one for each rule of the catalogue."""
