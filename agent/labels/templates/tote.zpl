# note Tote label, 4x2 inch: the code large, as Code 128, and as QR code for a scan from any side.
# stock 812x406 dots at 203 dpi
# field code code max 16 width 540 like TOTE-0042
# field note text max 40 width 540 like Return to zone A

# note Everything that another user of the printer may have left behind is set again.
^XA
^CI28^PW812^LL406^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^CF0,30^BY3,2,10
^MNY^MMT^MD0^PR4
^JZN
^PQ1,0,1,N

^FO32,24^A0N,80,80^FH_^FD{code}^FS
^FO32,116^A0N,34,34^FH_^FD{note}^FS
^FO64,216^BCN,160,N,N,N,N^FD>:{code}^FS
^FO614,20^BQN,2,6^FH_^FDQA,{code}^FS
^XZ
