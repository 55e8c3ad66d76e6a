"""Measure: how good, beside people?"""
