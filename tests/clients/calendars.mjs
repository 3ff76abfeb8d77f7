// Reads a JSON list of iCalendar texts from standard input and tells what ical.js finds in each.
import ICAL from "ical.js";

const texts = JSON.parse(await new Response(process.stdin).text());

function told(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const component = calendar.getFirstSubcomponent("vevent");
  const event = new ICAL.Event(component);
  const attendees = component.getAllProperties("attendee").map((one) => [
    one.getFirstValue().toLowerCase(),
    one.getParameter("partstat"),
  ]);
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    starts: event.startDate.toUnixTime(),
    ends: event.endDate.toUnixTime(),
    title: event.summary,
    organizer: event.organizer.toLowerCase(),
    attendees: attendees.sort(),
  };
}

process.stdout.write(JSON.stringify(texts.map(told)));
