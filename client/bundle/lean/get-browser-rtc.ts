// simple-peer asks for WebRTC under the names of ten years ago too; browsers that can run the page have it under its own.

const webRtc = () => (globalThis.RTCPeerConnection ? globalThis : null);

// For `require`: the module is the function.
export { webRtc as 'module.exports' };
