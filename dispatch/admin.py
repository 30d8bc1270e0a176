"""Nova Core's pages of assignment."""

from dispatch.attendance.admin import AttendanceSourceAdmin, AttendanceStateAdmin

__all__ = ["AttendanceSourceAdmin", "AttendanceStateAdmin"]
