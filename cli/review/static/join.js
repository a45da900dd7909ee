// The token of a link stands behind the #, which browsers never send; this hands it over once and forgets it.
"use strict";

const token = location.hash.slice(1);
if (token) {
  history.replaceState(null, "", location.pathname);
  document.getElementById("token").value = token;
  document.getElementById("join").submit();
}
