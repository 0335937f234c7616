/* Signing up: the browser knows the time zone. */

const field = document.querySelector('input[name="time_zone"]');
if (field && !field.value) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
