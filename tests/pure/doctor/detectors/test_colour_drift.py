from audio_loop.doctor.detectors import colour_drift, contrast_drift, sharpness_drift
from tests.pure.doctor.drift.photographs import blurred, case_of, contrasted, exposed, plan_for, saturated, tinted, wander

def test_x(capsys):
    with capsys.disabled():
        import time
        for name in ("hopper","china","flower"):
            for label,ch in (("clean",None),("tint8",tinted(8)),("tint16",tinted(16)),("con1.2",contrasted(1.2)),("con1/1.2",contrasted(1/1.2)),("exp1.15",exposed(1.15)),("sat1.3",saturated(1.3)),("blur.5",blurred(.5)),("blur1.",blurred(1.))):
                t=time.process_time(); case=case_of(wander(name,48,ch)); t1=time.process_time()
                print(name,label,round(t1-t,2))
                for d in (colour_drift, contrast_drift, sharpness_drift):
                    seen=d.look(case); 
                    print("  ",[f"{f.value:.3g}" for f in seen.figures],[ (round(s.strength,2),s.words) for s in seen.symptoms])
