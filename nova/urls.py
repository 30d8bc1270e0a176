"""Every address of Nova. Wiring: this module may see every app."""

from django.contrib import admin
from django.urls import include, path
from rest_framework.routers import SimpleRouter

from dispatch.api import (
    AssignmentPolicyView,
    AssignmentsView,
    AssignView,
    BalanceView,
    EngineerViewSet,
    OverrideViewSet,
    SkillViewSet,
)
from dispatch.attendance.api import AttendanceView
from nova.api.urls import unknown as unknown_api
from nova.notifications.api import DeviceViewSet, NotificationViewSet
from sla.api.calendars import CalendarViewSet
from sla.api.clocks import PreviewView, TicketClocksView
from sla.api.escalating import EscalateView
from sla.api.policies import PolicyViewSet
from sla.api.recalculations import RecalculationViewSet
from sla.api.reports import ComplianceView
from sla.foretelling.api import PredictionView
from stardust.api import EntryViewSet, ParticipationView, TeamView
from tickets import references  # noqa: F401  its converter is used below
from tickets.api import urls as ticket_api
from tickets.api.views import SavedViewSet
from vip.api import (
    AlertViewSet,
    DesignationViewSet,
    HandlingView,
    HeatMapView,
    LookupView,
    ReassessmentViewSet,
    RecognitionViewSet,
    RuleViewSet,
)

router = SimpleRouter(trailing_slash=False)
ticket_api.register(router, "support/tickets")
ticket_api.register(router, "enhanced-tickets")
router.register("support/views", SavedViewSet, basename="view")
router.register("support/sla/calendars", CalendarViewSet, basename="calendar")
router.register("support/sla/recalculations", RecalculationViewSet, basename="recalculation")
router.register("support/sla", PolicyViewSet, basename="policy")
router.register("support/vip/designations", DesignationViewSet, basename="designation")
router.register("support/vip/rules", RuleViewSet, basename="vip-rule")
router.register("support/vip/alerts", AlertViewSet, basename="vip-alert")
router.register("support/vip/reassessments", ReassessmentViewSet, basename="reassessment")
router.register("support/vip/recognitions", RecognitionViewSet, basename="recognition")
router.register("support/engineers", EngineerViewSet, basename="engineer")
router.register("support/skills", SkillViewSet, basename="skill")
router.register("support/stardust", EntryViewSet, basename="stardust")
router.register("support/overrides", OverrideViewSet, basename="override")
router.register("support/notifications/devices", DeviceViewSet, basename="device")
router.register("support/notifications", NotificationViewSet, basename="notification")
api = [
    path("support/attendance", AttendanceView.as_view(), name="attendance"),
    path("support/sla/prediction", PredictionView.as_view(), name="sla-prediction"),
    path("support/sla/preview", PreviewView.as_view(), name="sla-preview"),
    path(
        "support/sla/calendars/<int:pk>/versions",
        CalendarViewSet.as_view({"post": "draft"}),
        name="calendar-versions",
    ),
    path("support/sla/calendars/<int:pk>/publish", CalendarViewSet.as_view({"post": "publish"})),
    path("support/sla/calendars/<int:pk>/year", CalendarViewSet.as_view({"get": "year"})),
    path("support/sla/compliance", ComplianceView.as_view(), name="sla-compliance"),
    path("support/vip/handling", HandlingView.as_view(), name="vip-handling"),
    path("support/vip/heat-map", HeatMapView.as_view(), name="vip-heat-map"),
    path("support/vip/lookup", LookupView.as_view(), name="vip-lookup"),
    path("support/stardust/participation", ParticipationView.as_view(), name="stardust-part"),
    path("support/stardust/team", TeamView.as_view(), name="stardust-team"),
    path("support/tickets/<reference:reference>/clocks", TicketClocksView.as_view()),
    path("enhanced-tickets/<reference:reference>/clocks", TicketClocksView.as_view()),
    path("support/assign", AssignView.as_view(), name="assign"),
    path("support/assign/balance", BalanceView.as_view(), name="balance"),
    path("support/assignment-policy", AssignmentPolicyView.as_view(), name="assignment-policy"),
    path("support/tickets/<reference:reference>/assignments", AssignmentsView.as_view()),
    path("enhanced-tickets/<reference:reference>/assignments", AssignmentsView.as_view()),
    path("support/tickets/<reference:reference>/escalate", EscalateView.as_view()),
    path("enhanced-tickets/<reference:reference>/escalate", EscalateView.as_view()),
    *router.urls,
]

handler400 = "nova.api.problems.bad_request"
handler403 = "nova.api.problems.forbidden"
handler500 = "nova.api.problems.server_error"
urlpatterns = [
    path("", include("nova.web.urls")),
    path("accounts/", include("nova.accounts.urls")),
    path("api/", include("nova.api.urls")),
    path("api/", include(api)),
    path("", include("tickets.urls")),
    path("sla/", include("sla.urls")),
    path("tickets/", include("sla.acts.urls")),
    path("vip/", include("vip.urls")),
    path("stardust/", include("stardust.urls")),
    path("dispatch/", include("dispatch.urls")),
    path("portal/", include("tickets.portal_urls")),
    path("live/", include("nova.live.urls")),
    path("notifications/", include("nova.notifications.urls")),
    path("core/", admin.site.urls),
    path("scim/v2/", include("nova.scim.urls")),
    unknown_api,
]
