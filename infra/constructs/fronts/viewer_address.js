// Names the address of whoever calls in a header of ours, whatever they wrote there themselves. CloudFront's own header
// for it could only be sent along with a list of all headers, in which Authorization may not stand.
function handler(event) {
  event.request.headers['x-viewer-address'] = { value: event.viewer.ip };
  return event.request;
}
