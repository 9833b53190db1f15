/** The Asterisk modules a contact centre needs, named one by one: a short start, and none of the noise of what is not used. */
export const modules: readonly string[] = [
  // Time, storage, HTTP, music
  'res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_http_websocket res_musiconhold',
  // SIP
  'res_pjproject res_pjsip res_pjsip_session res_pjsip_outbound_registration res_pjsip_outbound_authenticator_digest',
  'res_pjsip_authenticator_digest res_pjsip_caller_id res_pjsip_dlg_options res_pjsip_dtmf_info res_pjsip_empty_info',
  'res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user res_pjsip_header_funcs res_pjsip_nat res_pjsip_pubsub',
  'res_pjsip_registrar res_pjsip_rfc3326 res_pjsip_sdp_rtp res_pjsip_transport_websocket res_pjsip_path res_pjsip_diversion',
  'res_pjsip_maintenance chan_pjsip chan_bridge_media res_rtp_asterisk res_srtp res_crypto res_format_attr_opus',
  // Our control of it
  'res_websocket_client chan_websocket res_stasis res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop',
  'res_stasis_device_state res_ari res_ari_model res_ari_applications res_ari_asterisk',
  'res_ari_bridges res_ari_channels res_ari_device_states res_ari_endpoints res_ari_events res_ari_playbacks app_stasis',
  // Bridges, sound formats
  'bridge_simple bridge_softmix bridge_holding bridge_builtin_features codec_ulaw codec_alaw codec_gsm codec_g722 codec_a_mu',
  'codec_resample codec_opus_open_source format_gsm format_wav format_pcm format_sln',
  // The dialplan around the application, and the leg log (the second does not load without the first)
  'app_dial app_playback func_callerid func_cut func_channel func_logic func_strings pbx_config res_cdrel_custom cel_custom',
].flatMap((line) => line.split(' '))
